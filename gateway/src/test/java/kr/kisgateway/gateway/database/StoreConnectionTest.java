package kr.kisgateway.gateway.database;

/** The connection of a store in a file. */
class StoreConnectionTest extends StoreConnectionContract {
    @Override
    StoreDatabase database() {
        return StoreDatabase.file(folder.resolve("test.db"));
    }
}
