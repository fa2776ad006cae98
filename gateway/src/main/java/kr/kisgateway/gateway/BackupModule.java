package kr.kisgateway.gateway;

import java.util.Optional;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.backup.Backup;
import kr.kisgateway.gateway.backup.BackupSchedule;
import kr.kisgateway.gateway.settings.Settings;

/** The daily backup, where a folder for backups is set. */
final class BackupModule {
    private BackupModule() {}

    /** The schedule, where there is one. */
    static Optional<BackupSchedule> start(Platform platform) {
        Settings settings = platform.settings();
        return settings.backup().map(wanted -> {
            var environment = settings.environment().wireName();
            var schedule = new BackupSchedule(
                    new Backup(settings.dataDir(), environment, Version.text(), platform.clock()),
                    wanted.folder(),
                    environment,
                    wanted.at(),
                    wanted.keep(),
                    platform.alertSource(AlertEvent.BACKUP_FAILED),
                    platform.clock());
            schedule.read();
            schedule.bindTo(platform.meters());
            platform.parts().add(platform.tasks().every("backup", BackupSchedule.INTERVAL, schedule::check));
            return schedule;
        });
    }
}
