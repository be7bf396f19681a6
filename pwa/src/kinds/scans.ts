/** All that a scan can mean on this device. A new kind with codes of its own adds its line here. */
import './machine/scan'
import './product/scan'

export { useScans } from '../scan/use-scans'
