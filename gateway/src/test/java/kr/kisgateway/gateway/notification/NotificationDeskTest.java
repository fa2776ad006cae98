package kr.kisgateway.gateway.notification;

import kr.kisgateway.gateway.database.StoreDatabase;

/** Notifications in a file. */
class NotificationDeskTest extends NotificationDeskContract {
    @Override
    StoreDatabase database() {
        return StoreDatabase.file(folder.resolve("notifications.db"));
    }
}
