/** The kinds of documents that this app can write. A new kind adds its line here. */
export { face as order } from './order/face'
