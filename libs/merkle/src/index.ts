export { type Leaf, leafHash, proves } from './leaf.js';
export { type Tree, treeOf } from './tree.js';
