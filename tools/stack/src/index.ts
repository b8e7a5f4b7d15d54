export { demoWallets, type DemoWallet } from './core/wallets.js';
export { startStack, type Stack, type StackOptions } from './stack.js';
