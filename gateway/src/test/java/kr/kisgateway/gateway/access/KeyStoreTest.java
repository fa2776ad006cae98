package kr.kisgateway.gateway.access;

/** The keys in a file, which several processes may have open. */
class KeyStoreTest extends KeyStoreContract {
    @Override
    KeyStore openStore() {
        return KeyStore.open(folder.resolve("access.db"));
    }
}
