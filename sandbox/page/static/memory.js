// What somebody did to the look of a block, such as folding or sorting it: kept over redraws.

const kept = new Map();

// The object that is kept for a block of a scene; `fresh` makes the first one.
export function remembered(scene, block, fresh) {
  const key = `${scene.key}/${block.block_id}`;
  if (!kept.has(key)) kept.set(key, fresh());
  return kept.get(key);
}
