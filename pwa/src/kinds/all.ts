/** The kinds of documents that this app can write. A new kind adds its line here. */
export { face as order } from './order/face'
export { face as customer } from './customer/face'
export { face as machine } from './machine/face'
export { face as service_request } from './service_request/face'
export { face as service_visit } from './service_visit/face'
export { face as stock_count } from './stock_count/face'
export { face as stock_count } from './stock_count/face'
