// The short names of the emoji that are used most; others stay as they are written.

const LIST = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 satisfied 😆 sweat_smile 😅 rolling_on_the_floor_laughing 🤣
joy 😂 slightly_smiling_face 🙂 upside_down_face 🙃 melting_face 🫠 wink 😉 blush 😊 innocent 😇
smiling_face_with_3_hearts 🥰 heart_eyes 😍 star-struck 🤩 kissing_heart 😘 yum 😋 stuck_out_tongue 😛
stuck_out_tongue_winking_eye 😜 zany_face 🤪 money_mouth_face 🤑 hugging_face 🤗 shushing_face 🤫
thinking_face 🤔 saluting_face 🫡 zipper_mouth_face 🤐 face_with_raised_eyebrow 🤨 neutral_face 😐
expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 lying_face 🤥
relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷 face_with_thermometer 🤒 sneezing_face 🤧 hot_face 🥵
cold_face 🥶 dizzy_face 😵 exploding_head 🤯 face_with_cowboy_hat 🤠 partying_face 🥳 sunglasses 😎
nerd_face 🤓 face_with_monocle 🧐 confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮
hushed 😯 astonished 😲 flushed 😳 pleading_face 🥺 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓
weary 😩 tired_face 😫 yawning_face 🥱 triumph 😤 rage 😡 angry 😠 skull 💀 hankey 💩 poop 💩 clown_face 🤡
ghost 👻 alien 👽 robot_face 🤖 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 wave 👋
raised_hand ✋ hand ✋ ok_hand 👌 pinching_hand 🤏 v ✌️ crossed_fingers 🤞 the_horns 🤘 call_me_hand 🤙
point_left 👈 point_right 👉 point_up_2 👆 point_down 👇 point_up ☝️ +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎
fist ✊ facepunch 👊 punch 👊 clap 👏 raised_hands 🙌 open_hands 👐 palms_up_together 🤲 handshake 🤝
pray 🙏 writing_hand ✍️ muscle 💪 ear 👂 brain 🧠 eyes 👀 eye 👁️ tongue 👅 baby 👶 child 🧒 boy 👦 girl 👧
man 👨 woman 👩 adult 🧑 bust_in_silhouette 👤 busts_in_silhouette 👥 speaking_head_in_silhouette 🗣️
technologist 🧑‍💻 man-shrugging 🤷‍♂️ woman-shrugging 🤷‍♀️ shrug 🤷 face_palm 🤦 raising_hand 🙋 bow 🙇
runner 🏃 running 🏃 walking 🚶 dancer 💃 family 👪 footprints 👣
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤
white_heart 🤍 broken_heart 💔 sparkling_heart 💖 two_hearts 💕 100 💯 anger 💢 boom 💥 collision 💥 dizzy 💫
sweat_drops 💦 dash 💨 hole 🕳️ bomb 💣 speech_balloon 💬 left_speech_bubble 🗨️ thought_balloon 💭 zzz 💤
dog 🐶 cat 🐱 mouse 🐭 hamster 🐹 rabbit 🐰 fox_face 🦊 bear 🐻 panda_face 🐼 koala 🐨 tiger 🐯 lion_face 🦁
cow 🐮 pig 🐷 frog 🐸 monkey_face 🐵 chicken 🐔 penguin 🐧 bird 🐦 baby_chick 🐤 owl 🦉 wolf 🐺 horse 🐴
unicorn_face 🦄 bee 🐝 bug 🐛 butterfly 🦋 snail 🐌 ladybug 🐞 ant 🐜 spider 🕷️ turtle 🐢 snake 🐍 octopus 🐙
fish 🐟 dolphin 🐬 whale 🐳 shark 🦈 crocodile 🐊 elephant 🐘 sloth 🦥
bouquet 💐 cherry_blossom 🌸 rose 🌹 sunflower 🌻 tulip 🌷 seedling 🌱 evergreen_tree 🌲 palm_tree 🌴 cactus 🌵
four_leaf_clover 🍀 maple_leaf 🍁 leaves 🍃 mushroom 🍄 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏
globe_with_meridians 🌐 full_moon 🌕 new_moon 🌑 crescent_moon 🌙 sunny ☀️ star ⭐ star2 🌟 sparkles ✨
partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ snowflake ❄️ snowman ⛄ zap ⚡ fire 🔥 droplet 💧 ocean 🌊 rainbow 🌈
umbrella ☔
apple 🍎 green_apple 🍏 pear 🍐 tangerine 🍊 lemon 🍋 banana 🍌 watermelon 🍉 grapes 🍇 strawberry 🍓
peach 🍑 pineapple 🍍 avocado 🥑 tomato 🍅 carrot 🥕 corn 🌽 bread 🍞 croissant 🥐 cheese_wedge 🧀 egg 🥚
bacon 🥓 hamburger 🍔 fries 🍟 pizza 🍕 hotdog 🌭 sandwich 🥪 taco 🌮 sushi 🍣 ramen 🍜 popcorn 🍿 cookie 🍪
cake 🍰 birthday 🎂 doughnut 🍩 ice_cream 🍨 chocolate_bar 🍫 honey_pot 🍯 coffee ☕ tea 🍵 beer 🍺 beers 🍻
wine_glass 🍷 cocktail 🍸 champagne 🍾 clinking_glasses 🥂 fork_and_knife 🍴 knife_fork_plate 🍽️
soccer ⚽ basketball 🏀 football 🏈 tennis 🎾 dart 🎯 video_game 🎮 game_die 🎲 jigsaw 🧩 chess_pawn ♟️
trophy 🏆 medal 🏅 first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 ticket 🎫 art 🎨
musical_note 🎵 notes 🎶 guitar 🎸 headphones 🎧 microphone 🎤 movie_camera 🎥 clapper 🎬 camera 📷 tv 📺
tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 christmas_tree 🎄 jack_o_lantern 🎃 ribbon 🎀
car 🚗 red_car 🚗 taxi 🚕 blue_car 🚙 bus 🚌 ambulance 🚑 fire_engine 🚒 police_car 🚓 truck 🚚
articulated_lorry 🚛 tractor 🚜 bike 🚲 scooter 🛴 motorcycle 🏍️ train 🚆 metro 🚇 tram 🚊 airplane ✈️
airplane_departure 🛫 airplane_arriving 🛬 helicopter 🚁 rocket 🚀 ship 🚢 boat ⛵ anchor ⚓ fuelpump ⛽
construction 🚧 traffic_light 🚥 vertical_traffic_light 🚦 busstop 🚏 world_map 🗺️ mountain ⛰️
house 🏠 house_with_garden 🏡 office 🏢 hospital 🏥 bank 🏦 hotel 🏨 school 🏫 factory 🏭 department_store 🏬
post_office 🏣 stadium 🏟️ classical_building 🏛️ building_construction 🏗️ tent ⛺ city_sunset 🌆
watch ⌚ iphone 📱 calling 📲 computer 💻 desktop_computer 🖥️ keyboard ⌨️ printer 🖨️ battery 🔋
electric_plug 🔌 bulb 💡 flashlight 🔦 candle 🕯️ wastebasket 🗑️ moneybag 💰 credit_card 💳 gem 💎 dollar 💵
euro 💶 receipt 🧾 scales ⚖️ toolbox 🧰 wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ magnet 🧲
nut_and_bolt 🔩 broom 🧹 shield 🛡️ key 🔑 old_key 🗝️ lock 🔒 unlock 🔓 closed_lock_with_key 🔐 door 🚪
hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ mantelpiece_clock 🕰️
clock12 🕛 clock1 🕐 clock2 🕑 clock3 🕒 clock4 🕓 clock5 🕔 clock6 🕕 clock7 🕖 clock8 🕗 clock9 🕘
clock10 🕙 clock11 🕚 clock130 🕜 clock430 🕟 clock930 🕤
phone ☎️ telephone ☎️ telephone_receiver 📞 pager 📟 fax 📠 satellite_antenna 📡 loudspeaker 📢 mega 📣
bell 🔔 no_bell 🔕 mute 🔇 sound 🔉 loud_sound 🔊 email ✉️ envelope ✉️ e-mail 📧 incoming_envelope 📨
envelope_with_arrow 📩 outbox_tray 📤 inbox_tray 📥 package 📦 mailbox 📫 postbox 📮 pencil2 ✏️ pencil 📝
memo 📝 black_nib ✒️ lower_left_ballpoint_pen 🖊️ lower_left_crayon 🖍️ briefcase 💼 file_folder 📁
open_file_folder 📂 card_index_dividers 🗂️ calendar 📆 date 📅 spiral_calendar_pad 🗓️ card_index 📇
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 clipboard 📋 pushpin 📌
round_pushpin 📍 paperclip 📎 linked_paperclips 🖇️ straight_ruler 📏 triangular_ruler 📐 scissors ✂️
card_file_box 🗃️ file_cabinet 🗄️ page_facing_up 📄 page_with_curl 📃 bookmark_tabs 📑 newspaper 📰
rolled_up_newspaper 🗞️ book 📖 open_book 📖 closed_book 📕 green_book 📗 blue_book 📘 orange_book 📙 books 📚
notebook 📓 ledger 📒 bookmark 🔖 label 🏷️ link 🔗 mag 🔍 mag_right 🔎 microscope 🔬 telescope 🔭 pill 💊
syringe 💉 adhesive_bandage 🩹 stethoscope 🩺 dna 🧬 test_tube 🧪 thermometer 🌡️ crystal_ball 🔮 magic_wand 🪄
shopping_trolley 🛒 shopping_bags 🛍️ crown 👑 tophat 🎩 mortar_board 🎓 eyeglasses 👓 necktie 👔 shirt 👕
warning ⚠️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 rotating_light 🚨 sos 🆘 x ❌ o ⭕ bangbang ‼️
negative_squared_cross_mark ❎ white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ question ❓
grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗ grey_exclamation ❕ interrobang ⁉️
information_source ℹ️ recycle ♻️ new 🆕 free 🆓 up 🆙 cool 🆒 ok 🆗 id 🆔 vs 🆚 abc 🔤 1234 🔢
zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 hash #️⃣
arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_upper_right ↗️ arrow_lower_right ↘️
arrow_lower_left ↙️ arrow_upper_left ↖️ left_right_arrow ↔️ arrow_up_down ↕️ leftwards_arrow_with_hook ↩️
arrow_right_hook ↪️ arrow_heading_up ⤴️ arrow_heading_down ⤵️ arrows_clockwise 🔃
arrows_counterclockwise 🔄 twisted_rightwards_arrows 🔀 repeat 🔁 repeat_one 🔂 back 🔙 end 🔚 on 🔛 soon 🔜
top 🔝 arrow_forward ▶️ arrow_backward ◀️ fast_forward ⏩ rewind ⏪ black_square_for_stop ⏹️
double_vertical_bar ⏸️ pause_button ⏸️ black_circle_for_record ⏺️ heavy_plus_sign ➕ heavy_minus_sign ➖
heavy_multiplication_x ✖️ infinity ♾️ heavy_dollar_sign 💲 copyright ©️ registered ®️ tm ™️ wavy_dash 〰️
red_circle 🔴 large_red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢
large_blue_circle 🔵 large_purple_circle 🟣 large_brown_circle 🟤 black_circle ⚫ white_circle ⚪
large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦
large_purple_square 🟪 black_large_square ⬛ white_large_square ⬜ black_small_square ▪️
white_small_square ▫️ small_blue_diamond 🔹 small_orange_diamond 🔸 large_blue_diamond 🔷
large_orange_diamond 🔶 small_red_triangle 🔺 small_red_triangle_down 🔻 radio_button 🔘
checkered_flag 🏁 triangular_flag_on_post 🚩 waving_white_flag 🏳️ waving_black_flag 🏴 rainbow-flag 🏳️‍🌈
flag-es 🇪🇸 es 🇪🇸 flag-gb 🇬🇧 gb 🇬🇧 uk 🇬🇧 flag-de 🇩🇪 de 🇩🇪 flag-fr 🇫🇷 fr 🇫🇷 flag-it 🇮🇹 it 🇮🇹 flag-pt 🇵🇹
flag-br 🇧🇷 flag-us 🇺🇸 us 🇺🇸 flag-mx 🇲🇽 flag-ar 🇦🇷 flag-cl 🇨🇱 flag-co 🇨🇴 flag-pe 🇵🇪 flag-eu 🇪🇺
flag-ch 🇨🇭 flag-at 🇦🇹 flag-nl 🇳🇱 flag-jp 🇯🇵 jp 🇯🇵 flag-cn 🇨🇳 cn 🇨🇳 flag-in 🇮🇳 flag-ca 🇨🇦 flag-au 🇦🇺
`;

const NAMED = new Map(LIST.trim().split(/\s*\n\s*/).flatMap(pairs));

function pairs(line) {
  const words = line.split(" ");
  return words.flatMap((name, at) => (at % 2 ? [] : [[name, words[at + 1]]]));
}

// The words with :names: turned into characters; a skin tone after a name is left out.
export function withEmoji(words) {
  return words.replace(
    /:([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?/g,
    (whole, name) => NAMED.get(name) ?? whole,
  );
}

// The emoji of a rich_text element.
export function emojiOf({ name, unicode }) {
  if (unicode) return unicode.split("-").map((code) => String.fromCodePoint(parseInt(code, 16))).join("");
  return NAMED.get(name) ?? `:${name}:`;
}
