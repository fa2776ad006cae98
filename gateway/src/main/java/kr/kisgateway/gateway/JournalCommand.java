package kr.kisgateway.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import kr.kisgateway.gateway.access.KeyStore;
import kr.kisgateway.gateway.access.KeyStore.KeyStoreException;
import kr.kisgateway.gateway.database.OwnerCheck;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.journal.JournalAudit;
import kr.kisgateway.gateway.journal.JournalCopy;
import kr.kisgateway.gateway.journal.JournalCopy.Damage;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalExport;
import kr.kisgateway.gateway.journal.JournalExport.Format;
import kr.kisgateway.gateway.journal.JournalExport.Selection;
import kr.kisgateway.gateway.journal.JournalFile;
import kr.kisgateway.gateway.journal.JournalFolder;
import kr.kisgateway.gateway.journal.JournalFolder.Init;
import kr.kisgateway.gateway.journal.JournalMigration;
import kr.kisgateway.gateway.journal.JournalMigration.Outcome;
import kr.kisgateway.gateway.journal.JournalPrune;
import kr.kisgateway.gateway.lease.LeaseCheck;
import kr.kisgateway.gateway.notification.NotificationDesk;
import kr.kisgateway.gateway.notification.NotificationException;
import kr.kisgateway.gateway.settings.JournalSettings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.CommandLines;
import kr.kisgateway.terminal.DateConverter;
import kr.kisgateway.terminal.ProgressBar;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * {@code journal verify|rebuild|export|prune|init|migrate}: operator commands on the journal of a stopped gateway. Exit code 0
 * no problem, 1 a problem of the journal, or of the API keys that are moved with it, 2 usage error, 3 another process has locked the
 * folder.
 */
@Command(
        synopsisSubcommandLabel = "COMMAND",
        description = "The journal of a stopped gateway.%n" + "정지된 게이트웨이의 저널을 검증, 재구성, 내보내기, 정리합니다.",
        footer = {
            "",
            "Long operations show their progress.",
            "",
            "Exit codes",
            "  0  done, no problem found",
            "  1  the journal has a problem, or migrate could not add the API keys or alerts",
            "  2  usage error: no journal in the folder, a file that exists already, an unknown option",
            "  3  a gateway or another journal command uses the folder or the database, or it cannot be used",
        })
final class JournalCommand {
    private static final int JOURNAL_DAMAGED = 1;
    private static final int NOT_ADDED = 1;
    private static final int FOLDER_IN_USE = 3;
    private static final String FILE = "journal.db";
    /** Copy of a journal in the database for the tools that read a file; without a record of its position. */
    private static final String COPY = ".journal-copy.db";

    /** What to do before the first order on an older journal. */
    static final String AFTER_INIT_ADVICE = System.lineSeparator()
            + "Before orders are sent: check the broker's list of today's orders, set the kill switch and the limits again,"
            + " and do not repeat requests of before with their idempotency keys."
            + System.lineSeparator()
            + "주문 전에 증권사의 당일 주문 내역을 확인하고, 킬 스위치와 한도를 다시 설정하십시오.";

    private final CommandEnvironment process;
    private final Screen screen;
    private final Screen notes;
    private final InstantSource clock;
    private final Path workingDir;
    private final Path homeDir;
    private final Map<String, String> variables;

    @Mixin
    private DataDirOption folderOption = new DataDirOption();

    @Option(names = "--env", paramLabel = "ENV", scope = ScopeType.INHERIT, description = "sim, mock or live (sim)")
    private String env = "sim";

    JournalCommand(CommandEnvironment process) {
        this.process = process;
        this.screen = process.screen();
        this.notes = process.notes();
        this.clock = process.clock();
        this.variables = process.variables();
        this.workingDir = process.workingDir();
        this.homeDir = process.homeDir();
    }

    /** Adds {@code journal} and its commands. */
    void addTo(CommandLine root) {
        var line = CommandLines.add(root, "journal", this);
        CommandLines.add(line, "verify", new Verify());
        CommandLines.add(line, "rebuild", new Rebuild());
        CommandLines.add(line, "export", new Export());
        CommandLines.add(line, "init", new InitCommand());
        CommandLines.add(line, "prune", new Prune());
        CommandLines.add(line, "migrate", new Migrate());
    }

    @Command(description = "Read every event, replay all, compare with the tables.%n" + "모든 이벤트를 다시 읽어 테이블과 비교합니다.")
    private final class Verify implements Callable<Integer> {
        @Override
        public Integer call() {
            var settings = settings(Optional.empty());
            return withAnyJournal(
                    settings,
                    journal -> printReport(process.withProgress(bar -> {
                        var checkpoints = JournalCheckpoints.of(
                                settings.dataRoot().resolve(environment()), process.notesBeside(bar));
                        return JournalAudit.verify(journal, checkpoints, counting(bar));
                    })));
        }
    }

    @Command(description = "The same, and rebuild the tables from the events.%n" + "이벤트로 테이블을 다시 만듭니다.")
    private final class Rebuild implements Callable<Integer> {
        @Override
        public Integer call() {
            return withJournal(
                    settings(Optional.empty()),
                    journal -> printReport(process.withProgress(bar -> JournalAudit.rebuild(journal, counting(bar)))));
        }
    }

    @Command(description = "Copy events into a file.%n" + "이벤트를 파일로 내보냅니다.")
    private final class Export implements Callable<Integer> {
        @Option(names = "--out", paramLabel = "FILE", description = "the file to write")
        private Optional<String> out = Optional.empty();

        @Option(names = "--format", paramLabel = "FORMAT", description = "csv or parquet (csv)")
        private String format = "csv";

        @Option(
                names = "--from",
                paramLabel = "DAY",
                converter = DateConverter.class,
                description = "first trading day, 2026-11-20")
        private Optional<LocalDate> from = Optional.empty();

        @Option(names = "--to", paramLabel = "DAY", converter = DateConverter.class, description = "last trading day")
        private Optional<LocalDate> to = Optional.empty();

        @Option(names = "--account", paramLabel = "ALIAS", description = "only the events of this account")
        private Optional<String> account = Optional.empty();

        @Option(names = "--bom", description = "for Excel, which otherwise garbles Hangul")
        private boolean bom;

        @Override
        public Integer call() {
            return withAnyJournal(settings(Optional.empty()), this::export);
        }

        private int export(JournalFile journal) {
            Format chosen = switch (format.toLowerCase(Locale.ROOT)) {
                case "csv" -> bom ? Format.CSV_WITH_BOM : Format.CSV;
                case "parquet" -> Format.PARQUET;
                default -> throw new UsageException("--format must be csv or parquet.");
            };
            if (bom && chosen == Format.PARQUET) {
                throw new UsageException("--bom is for CSV; Parquet needs none.");
            }
            Path target =
                    workingDir.resolve(out.orElseThrow(() -> new UsageException("--out names the file to write.")));
            if (Files.exists(target)) {
                throw new UsageException(target + " exists already; name another file.");
            }
            long count = process.withProgress(bar ->
                    JournalExport.write(journal, chosen, target, new Selection(from, to, account), counting(bar)));
            screen.page(count + " events written to " + target);
            if (chosen == Format.CSV) {
                screen.page("For Excel add --bom; without it Hangul is garbled there.");
            }
            return 0;
        }
    }

    @Command(
            description = "Let a gateway start that refuses because of its journal.%n"
                    + "저널이 없거나 비었거나 오래되어 시작이 거부된 게이트웨이를 시작할 수 있게 합니다.",
            footer = {
                "",
                "For a journal that is missing, empty or older than the files beside it: accepts an existing journal"
                        + " as it is, or creates an empty one. Deletes nothing. A kill switch, limits and idempotency"
                        + " keys missing in it are lost.",
            })
    private final class InitCommand implements Callable<Integer> {
        @Override
        public Integer call() {
            return reported(() -> init(settings(Optional.empty())));
        }
    }

    @Command(
            description = "Delete orders that ended long ago; they are stored as Parquet.%n"
                    + "오래전에 끝난 주문을 Parquet 파일로 옮기고 저널에서 지웁니다.",
            footer = {"", "The files are in DATA/ENV/pruned."})
    private final class Prune implements Callable<Integer> {
        @Option(
                names = "--keep-days",
                paramLabel = "DAYS",
                description = "trading days' dates to keep, at least 30 (JOURNAL_KEEP_DAYS)")
        private Optional<String> keepDays = Optional.empty();

        @Override
        public Integer call() {
            var settings = settings(keepDays);
            return databaseOf(settings.dataRoot().resolve(environment()), settings)
                    .map(address -> reported(() -> prune(address, settings)))
                    .orElseGet(() -> withJournal(settings, journal -> prune(journal, settings)));
        }
    }

    @Command(
            description = "Move the journal and the API keys to the database of DATABASE_URL.%n"
                    + "저널과 API 키를 DATABASE_URL 의 데이터베이스로 옮깁니다.",
            footer = {
                "",
                "Copies every event and verifies it, compares the copy, and renames journal.db. A copy that was"
                        + " interrupted is continued when the command is run again. API keys are added to those of the database.",
            })
    private final class Migrate implements Callable<Integer> {
        @Override
        public Integer call() {
            var settings = settings(Optional.empty());
            return reported(() -> migrate(settings));
        }
    }

    private String environment() {
        String environment = env.toLowerCase(Locale.ROOT);
        if (!Set.of("sim", "mock", "live").contains(environment)) {
            throw new UsageException("--env must be sim, mock or live.");
        }
        return environment;
    }

    private JournalSettings settings(Optional<String> keepDays) {
        List<String> arguments = folderOption.arguments();
        keepDays.ifPresent(days -> arguments.add("--journal-keep-days=" + days));
        JournalSettings settings = SettingsLoader.journal(arguments, variables, workingDir, homeDir);
        if (!settings.problems().isEmpty()) {
            throw new UsageException(String.join("\n", settings.problems()));
        }
        return settings;
    }

    static JournalFile.Progress counting(ProgressBar bar) {
        return (step, done, total) -> bar.at(step, done, total, ProgressBar.Unit.COUNT);
    }

    private static Optional<PostgresAddress> database(JournalSettings settings) {
        if (!settings.databaseProblems().isEmpty()) {
            throw new UsageException(String.join("\n", settings.databaseProblems()));
        }
        return settings.database();
    }

    /** The database whose journal belongs to {@code folder}: a file in the folder would have to be migrated first. */
    private static Optional<PostgresAddress> databaseOf(Path folder, JournalSettings settings) {
        return Files.exists(folder.resolve(FILE)) ? Optional.empty() : database(settings);
    }

    /** Runs {@code command} on the journal of the folder, or on a copy of the one in the database. */
    private int withAnyJournal(JournalSettings settings, ToIntFunction<JournalFile> command) {
        String environment = environment();
        Path folder = settings.dataRoot().resolve(environment);
        Optional<PostgresAddress> address = databaseOf(folder, settings);
        if (address.isEmpty()) {
            return withJournal(settings, command);
        }
        return reported(() -> {
            try (DataFolder lockedFolder = lock(folder)) {
                Postgres postgres = JournalDatabase.connect(address.get(), environment);
                Path copy = lockedFolder.file(COPY);
                deleteDatabase(copy); // of a command that was killed
                try {
                    process.withProgress(bar -> JournalCopy.toFile(
                            postgres, environment, OrderModule.tables(), copy, Damage.COPY, counting(bar)));
                    try (JournalFile journal = JournalFile.open(copy, environment, OrderModule.tables())) {
                        return command.applyAsInt(journal);
                    }
                } finally {
                    deleteDatabase(copy);
                }
            }
        });
    }

    private static void deleteDatabase(Path file) {
        try {
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
            }
        } catch (IOException e) {
            throw new StartException("The copy " + file + " cannot be deleted: " + e.getMessage());
        }
    }

    private int withJournal(JournalSettings settings, ToIntFunction<JournalFile> command) {
        String environment = environment();
        Path folder = settings.dataRoot().resolve(environment);
        if (databaseOf(folder, settings).isPresent()) {
            throw new UsageException("The journal is in the database of DATABASE_URL; this command changes a file.");
        }
        if (!Files.isRegularFile(folder.resolve(FILE))) {
            throw new UsageException("There is no journal in " + folder + "; name the folder by --data-dir.");
        }
        return reported(() -> {
            try (DataFolder lockedFolder = lock(folder);
                    JournalFile journal =
                            JournalFile.open(lockedFolder.file(FILE), environment, OrderModule.tables())) {
                return command.applyAsInt(journal);
            }
        });
    }

    private int reported(IntSupplier command) {
        try {
            return command.getAsInt();
        } catch (StartException e) {
            notes.page(String.valueOf(e.getMessage()));
            return FOLDER_IN_USE;
        } catch (JournalException e) {
            notes.page(String.valueOf(e.getMessage()));
            return JOURNAL_DAMAGED;
        }
    }

    private int init(JournalSettings settings) {
        Path folder = existingFolder(settings);
        try (DataFolder lockedFolder = lock(folder)) {
            Path file = lockedFolder.file(FILE);
            Optional<PostgresAddress> address = databaseOf(folder, settings);
            Init result = address.isPresent()
                    ? initDatabase(address.get(), lockedFolder)
                    : JournalFolder.init(file, environment(), OrderModule.tables(), clock);
            switch (result) {
                case Init.InOrder() -> screen.page("The journal is in order; nothing was changed.");
                case Init.Accepted(String missing) ->
                    screen.page("The gateway continues with this journal as it is, though " + missing + "."
                            + AFTER_INIT_ADVICE);
                case Init.Created(List<Path> setAside) -> {
                    setAside.forEach(movedFile -> screen.page("set aside: " + movedFile));
                    screen.page("An empty journal was created: "
                            + address.map(it -> "in " + it).orElse(file.toString()) + "." + AFTER_INIT_ADVICE);
                }
            }
        }
        return 0;
    }

    private Init initDatabase(PostgresAddress address, DataFolder lockedFolder) {
        try (var database = JournalDatabase.own(address, environment(), lockedFolder)) {
            return JournalFolder.init(
                    database.postgres(),
                    database.lease(),
                    lockedFolder.file(FILE),
                    environment(),
                    OrderModule.tables(),
                    clock);
        }
    }

    private int migrate(JournalSettings settings) {
        PostgresAddress address = database(settings)
                .orElseThrow(() ->
                        new UsageException("DATABASE_URL names the database to which the journal is moved; set it."));
        Path folder = existingFolder(settings);
        try (DataFolder lockedFolder = lock(folder);
                var database = JournalDatabase.own(address, environment(), lockedFolder)) {
            Outcome outcome = process.withProgress(bar -> JournalMigration.migrate(
                    lockedFolder.file(FILE),
                    environment(),
                    OrderModule.tables(),
                    database.postgres(),
                    database.lease(),
                    clock,
                    counting(bar)));
            screen.page(
                    switch (outcome) {
                        case Outcome.Moved(long entries, List<Path> files) ->
                            entries + " events are in " + address + " now. The file was renamed: " + files.getFirst()
                                    + System.lineSeparator()
                                    + "From now on start the gateway with DATABASE_URL."
                                    + " 이제부터 DATABASE_URL 을 설정하고 게이트웨이를 시작하십시오.";
                        case Outcome.MovedBefore(Path file) ->
                            "The journal was moved to " + address + " before: " + file + ".";
                    });
            int keys = addKeys(lockedFolder.file(AccessModule.FILE), database.postgres());
            int alerts = addAlerts(
                    lockedFolder.file(NotificationModule.FILE),
                    StoreDatabase.schema(database.postgres(), new LeaseCheck(database.lease())));
            return Math.max(keys, alerts);
        }
    }

    /** Adds the state of alerts, silences and messages that are not delivered yet, once. */
    private int addAlerts(Path file, StoreDatabase database) {
        if (Files.notExists(file)) {
            return 0;
        }
        try {
            OptionalInt rows = NotificationDesk.copy(StoreDatabase.file(file), database);
            screen.page(
                    rows.isPresent()
                            ? "Alerts, silences and undelivered messages of " + file
                                    + " that were added to the database: " + rows.getAsInt()
                            : "The database has alerts and silences already; those of " + file + " were not added.");
            return 0;
        } catch (NotificationException e) {
            notes.page("The alerts and silences of " + file + " could not be added: " + e.getMessage()
                    + ". The journal was moved; repeat the command to add them, before a gateway is started with the"
                    + " database.");
            return NOT_ADDED;
        }
    }

    /** Adds the API keys of the folder to those of the database: programs continue to use them. */
    private int addKeys(Path file, Postgres database) {
        if (Files.notExists(file)) {
            return 0;
        }
        try (var folder = KeyStore.open(file);
                var shared = KeyStore.open(StoreDatabase.schema(database, OwnerCheck.none()))) {
            KeyStore.Addition addition = shared.addFrom(folder, clock.instant());
            screen.page("API keys of " + file + " that were added to the database, with revoked and expired ones: "
                    + addition.added());
            addition.omitted()
                    .forEach(name ->
                            notes.page("The key \"" + name + "\" was not added: the database has another key with"
                                    + " its name or its app key. Create it under another name by ./kis keys create, and revoke it in the"
                                    + " folder by ./kis keys revoke without DATABASE_URL."));
            return addition.omitted().isEmpty() ? 0 : NOT_ADDED;
        } catch (KeyStoreException e) {
            notes.page(e.getMessage() + " The journal was moved; repeat the command to add the API keys.");
            return NOT_ADDED;
        }
    }

    private int printReport(JournalAudit.Report report) {
        report.notes().forEach(note -> screen.page("note: " + note));
        report.findings().forEach(screen::page);
        long omitted = report.found() - report.findings().size();
        if (omitted > 0) {
            screen.page("… and " + omitted + " more");
        }
        if (report.rebuilt()) {
            screen.page(report.entries() + " events replayed, " + report.found() + " differences repaired");
            return 0;
        }
        screen.page(report.entries() + " events read"
                + (report.checkpoints() == 0 ? "" : ", " + report.checkpoints() + " checkpoints of the audit compared")
                + ", "
                + (report.isClean() ? "all is well" : report.found() + " problems found"));
        return report.isClean() ? 0 : JOURNAL_DAMAGED;
    }

    private int prune(JournalFile journal, JournalSettings settings) {
        LocalDate before = firstRetained(settings);
        return printed(before, process.withProgress(bar -> JournalPrune.prune(journal, before, counting(bar))));
    }

    /** The journal in a database, which is pruned by one command while its gateways are stopped. */
    private int prune(PostgresAddress address, JournalSettings settings) {
        LocalDate before = firstRetained(settings);
        Path folder = existingFolder(settings);
        try (DataFolder lockedFolder = lock(folder);
                var database = JournalDatabase.own(address, environment(), lockedFolder)) {
            return printed(
                    before,
                    process.withProgress(bar -> JournalPrune.prune(
                            database.postgres(),
                            environment(),
                            OrderModule.tables(),
                            database.lease(),
                            folder,
                            before,
                            counting(bar))));
        }
    }

    /** Owns {@code folder}, which also has the log of the command. */
    private static DataFolder lock(Path folder) {
        System.setProperty(Main.LOG_DIR, folder.resolve("log").toString());
        return DataFolder.open(folder, DataFolder.User.JOURNAL_COMMAND);
    }

    private Path existingFolder(JournalSettings settings) {
        Path folder = settings.dataRoot().resolve(environment());
        if (!Files.isDirectory(folder)) {
            throw new UsageException("There is no folder " + folder + "; name the gateway's by --data-dir.");
        }
        return folder;
    }

    private LocalDate firstRetained(JournalSettings settings) {
        int days = settings.retentionDays()
                .orElseThrow(() -> new UsageException(
                        "All days are retained: set JOURNAL_KEEP_DAYS or --keep-days to 30 or more to delete older"
                                + " orders."));
        return clock.instant().atZone(TradingCalendar.SEOUL).toLocalDate().minusDays(days);
    }

    private int printed(LocalDate before, JournalPrune.Report report) {
        screen.page(report.archive()
                .map(archive ->
                        report.subjects() + " orders with " + report.entries() + " events are now in " + archive)
                .orElse("Nothing ended before " + before));
        return 0;
    }
}
