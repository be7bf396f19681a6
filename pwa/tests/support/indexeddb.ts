/** Before anything that looks for IndexedDB. */
import 'fake-indexeddb/auto'
