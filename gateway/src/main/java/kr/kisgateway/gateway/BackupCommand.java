package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import kr.kisgateway.gateway.audit.AuditSearch;
import kr.kisgateway.gateway.audit.AuditVerifier;
import kr.kisgateway.gateway.backup.Backup;
import kr.kisgateway.gateway.backup.BackupException;
import kr.kisgateway.gateway.backup.BackupManifest;
import kr.kisgateway.gateway.backup.BackupReader;
import kr.kisgateway.gateway.backup.Restore;
import kr.kisgateway.gateway.journal.JournalAudit;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalFile;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.secret.SecretFile;
import kr.kisgateway.gateway.settings.DataSettings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.terminal.CommandLines;
import kr.kisgateway.terminal.ProgressBar;
import kr.kisgateway.terminal.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backup create|verify|restore}: a backup of a data folder in one file. A gateway may run while it is made. */
@Command(
        synopsisSubcommandLabel = "COMMAND",
        description = "A backup of the gateway's data in one file.%n" + "게이트웨이 데이터를 파일 하나로 백업하고 복원합니다.",
        footer = {
            "",
            "A backup has the orders and the stored secrets, which are encrypted; not the master key, gateway.yaml, .env"
                    + " and alerts.yaml: copy those apart from it.",
            "백업에는 마스터 키와 설정 파일이 들어 있지 않으므로 따로 보관하십시오.",
            "",
            "Exit codes",
            "  0  done",
            "  1  the backup is not as it was made, or cannot be made or restored",
            "  2  usage error",
            "  3  a gateway uses the folder that would be replaced",
        })
final class BackupCommand {
    private static final int FAILED = 1;
    private static final int FOLDER_IN_USE = 3;

    private final CommandEnvironment process;

    @Mixin
    private DataDirOption folderOption = new DataDirOption();

    BackupCommand(CommandEnvironment process) {
        this.process = process;
    }

    /** Adds {@code backup} and its commands. */
    void addTo(CommandLine root) {
        var line = CommandLines.add(root, "backup", this);
        CommandLines.add(line, "create", new Create());
        CommandLines.add(line, "verify", new Verify());
        CommandLines.add(line, "restore", new RestoreCommand());
    }

    @Command(
            description = "Make a backup, also while the gateway runs.%n" + "실행 중에도 백업을 만들 수 있습니다.",
            footer = {"", "Name a folder on another disk. Past bars and ticks are left out: KIS has them."})
    private final class Create implements Callable<Integer> {
        @Option(names = "--to", paramLabel = "DIR", description = "the folder of the backup (BACKUP_FOLDER, ./backups)")
        private Optional<String> to = Optional.empty();

        @Option(names = "--env", paramLabel = "ENV", description = "sim, mock or live (KIS_ENV, sim)")
        private Optional<String> env = Optional.empty();

        @Option(names = "--history", description = "also past bars and ticks")
        private boolean withHistory;

        @Override
        public Integer call() {
            var settings = settings(env);
            if (!Files.isDirectory(settings.folder())) {
                throw new UsageException(
                        "There is no data in " + settings.folder() + "; name the folder by --data-dir and --env.");
            }
            Path into =
                    process.workingDir().resolve(to.or(settings::backupFolder).orElse("backups"));
            return reported(() -> {
                var backup = new Backup(
                        settings.folder(), settings.folder().getFileName().toString(), Version.text(), process.clock());
                var made = process.withProgress(bar -> backup.make(into, withHistory, countingBytes(bar)));
                process.screen().line(String.valueOf(made.file()));
                describe(made.manifest());
                return 0;
            });
        }
    }

    @Command(
            description = "Read a complete backup, its journal and its audit.%n" + "백업 전체와 그 안의 저널, 감사 기록을 검증합니다.",
            footer = {"", "Needs as much free space as the journal and the audit have, in the backup's folder."})
    private final class Verify implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "the backup")
        private String file = "";

        @Override
        public Integer call() {
            return reported(() -> verify(process.workingDir().resolve(file)));
        }
    }

    @Command(
            description =
                    "Restore a backup into the data folder of a stopped gateway.%n" + "정지된 게이트웨이의 데이터 폴더에 백업을 복원합니다.",
            footer = {"", "Nothing is deleted: a folder that is replaced is renamed."})
    private final class RestoreCommand implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "the backup")
        private String file = "";

        @Option(names = "--replace", description = "set the present folder aside")
        private boolean replace;

        @Override
        public Integer call() {
            Path backup = process.workingDir().resolve(file);
            return reported(() -> {
                int verified = verify(backup);
                return verified == 0 ? restore(backup, replace) : verified;
            });
        }
    }

    private DataSettings settings(Optional<String> env) {
        var arguments = folderOption.arguments();
        env.ifPresent(it -> arguments.add("--kis-env=" + it));
        var settings =
                SettingsLoader.dataFolder(arguments, process.variables(), process.workingDir(), process.homeDir());
        if (!settings.problems().isEmpty()) {
            throw new UsageException(String.join("\n", settings.problems()));
        }
        return settings;
    }

    private static Backup.Progress countingBytes(ProgressBar bar) {
        return (file, done, total) -> bar.at(file, done, total, ProgressBar.Unit.BYTES);
    }

    private int reported(IntSupplier command) {
        try {
            return command.getAsInt();
        } catch (StartException e) {
            process.notes().page(String.valueOf(e.getMessage()));
            return FOLDER_IN_USE;
        } catch (BackupException | JournalException e) {
            process.notes().page(String.valueOf(e.getMessage()));
            return FAILED;
        } catch (IllegalArgumentException | UncheckedIOException e) {
            process.notes().page("The backup cannot be read: " + e.getMessage());
            return FAILED;
        }
    }

    /** Compares all files, then verifies journal and audit in a folder beside the backup, which is deleted again. */
    private int verify(Path file) {
        try (var backup = new BackupReader(file)) {
            describe(backup.manifest());
            var findings = new ArrayList<>(process.withProgress(bar -> backup.findings(countingBytes(bar))));
            if (findings.isEmpty() && backup.manifest().journal().isPresent()) {
                try (var extracted =
                        process.withProgress(bar -> Restore.extractRecords(backup, file, countingBytes(bar)))) {
                    findings.addAll(
                            findings(extracted.folder(), backup.manifest().environment()));
                }
            }
            findings.forEach(process.screen()::page);
            process.screen()
                    .line(backup.manifest().files().size() + " files, "
                            + (findings.isEmpty() ? "all is well" : findings.size() + " problems found"));
            return findings.isEmpty() ? 0 : FAILED;
        }
    }

    private List<String> findings(Path folder, String environment) {
        var findings = new ArrayList<String>();
        try (var journal = JournalFile.open(folder.resolve(OrderModule.JOURNAL), environment, OrderModule.tables())) {
            var report = process.withProgress(bar -> JournalAudit.verify(
                    journal, JournalCheckpoints.of(folder, process.notesBeside(bar)), JournalCommand.counting(bar)));
            process.screen()
                    .line(report.entries() + (report.entries() == 1 ? " event" : " events") + " of the journal read");
            findings.addAll(report.findings());
        }
        if (AuditSearch.existsIn(folder)) {
            var report = AuditVerifier.verify(
                    folder,
                    TrustedKey.of(folder, process, folderOption.arguments()),
                    process.clock().instant());
            process.screen().line(report.rows() + " rows of the audit read");
            findings.addAll(report.findings());
        }
        return findings;
    }

    private int restore(Path file, boolean replace) {
        try (var backup = new BackupReader(file)) {
            Path folder = folder(backup.manifest().environment());
            boolean exists = Files.isDirectory(folder) && !isEmpty(folder);
            if (exists && !replace) {
                throw new BackupException(folder + " has data already; --replace sets it aside, nothing is deleted.");
            }
            var restore = new Restore(backup, process.clock());
            var restored = exists
                    ? replacing(restore, folder)
                    : process.withProgress(bar -> restore.into(folder, countingBytes(bar)));
            restored.setAside().ifPresent(aside -> process.screen().line("set aside: " + aside));
            process.screen().line("restored: " + folder);
            restored.secrets().ifPresent(this::reportSecrets);
            process.screen()
                    .page("What happened since "
                            + ApiValues.timeText(backup.manifest().createdAt())
                            + " is not in it. The gateway reads the broker's list before it sends anything."
                            + JournalCommand.AFTER_INIT_ADVICE);
            return 0;
        }
    }

    /** All environments use the same stored secrets. */
    private void reportSecrets(Path placed) {
        if (placed.endsWith(SecretFile.NAME)) {
            process.screen().line("stored secrets of all environments: " + placed);
            return;
        }
        process.notes()
                .page("The stored secrets here differ from those of the backup, and stay. Those of the backup are "
                        + placed
                        + ": to use them, keep the present secrets.json under another name and rename that file to"
                        + " secrets.json. (저장된 비밀 정보가 백업과 달라 지금 것을 유지했습니다.)");
    }

    private Restore.Restored replacing(Restore restore, Path folder) {
        try (var locked = DataFolder.open(folder, DataFolder.User.BACKUP_COMMAND)) {
            return process.withProgress(bar -> restore.replacing(locked.file(""), countingBytes(bar)));
        }
    }

    private Path folder(String environment) {
        return settings(Optional.of(environment)).folder();
    }

    private static boolean isEmpty(Path folder) {
        try (var files = Files.list(folder)) {
            return files.allMatch(file -> DataFolder.PRISTINE_FILES.contains(String.valueOf(file.getFileName())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void describe(BackupManifest manifest) {
        process.screen()
                .line(manifest.environment() + ", made "
                        + ApiValues.timeText(manifest.createdAt())
                        + " by "
                        + manifest.version() + ", " + manifest.files().size() + " files, " + manifest.bytes() + " bytes"
                        + manifest.journal()
                                .map(it -> ", " + it.events() + (it.events() == 1 ? " event" : " events"))
                                .orElse(""));
        if (manifest.lacksSimulatedAccount()) {
            process.notes()
                    .page(
                            "The simulated account is not in it, because the simulator was running: after a restore it begins"
                                    + " as on the first day. Stop the gateway for a backup with it."
                                    + " (시뮬레이터가 실행 중이라 모의 계좌는 들어 있지 않습니다.)");
        }
    }
}
