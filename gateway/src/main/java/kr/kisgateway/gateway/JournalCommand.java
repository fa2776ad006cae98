package kr.kisgateway.gateway;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.CommandOptions.BadRequestException;
import kr.kisgateway.gateway.journal.JournalAudit;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalExport;
import kr.kisgateway.gateway.journal.JournalExport.Format;
import kr.kisgateway.gateway.journal.JournalExport.Selection;
import kr.kisgateway.gateway.journal.JournalFile;
import kr.kisgateway.gateway.journal.JournalFolder;
import kr.kisgateway.gateway.journal.JournalFolder.Init;
import kr.kisgateway.gateway.journal.JournalPrune;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.gateway.settings.JournalSettings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.Screen;

/**
 * {@code journal verify|rebuild|export|prune|init}: operator commands on the journal of a stopped gateway. Exit code 0
 * no problem, 1 a problem of the journal, 2 usage error, 3 another process has locked the folder; only 1 is about the
 * journal.
 */
final class JournalCommand {
    private static final int JOURNAL_DAMAGED = 1;
    private static final int FOLDER_IN_USE = 3;

    private static final String HELP = """
            ./kis journal: the journal of a stopped gateway
            정지된 게이트웨이의 저널을 검증, 재구성, 내보내기, 정리합니다.

              verify    read every event, replay all, compare with the tables; exit 1 when there is a problem
              rebuild   the same, and rebuild the tables from the events
              export    copy events into a file        --format csv|parquet --out FILE
                                                       [--from DAY --to DAY --account ALIAS]
                                                       [--bom: for Excel, which otherwise garbles Hangul]
              init      let a gateway start that refuses because its journal is missing, empty or older than the
                        files beside it: accepts an existing journal as it is, or creates an empty one. Deletes
                        nothing. A kill switch, limits and idempotency keys missing in it are lost
                        저널이 없거나 비었거나 오래되어 시작이 거부된 게이트웨이를 시작할 수 있게 합니다
              prune     delete orders that ended more than --keep-days trading days' dates ago
                        (JOURNAL_KEEP_DAYS; at least 30); they are stored in DATA/ENV/pruned as Parquet

              --data-dir=./data        the gateway's folder        (GATEWAY_DATA_DIR)
              --env=sim                sim, mock or live
            Days are 2026-11-20. Long operations show their progress.

            Exit codes
              0  done, no problem found
              1  the journal has a problem
              2  usage error: no journal in the folder, a file that exists already, an unknown option
              3  a gateway or another journal command uses the folder, or it cannot be written
            """;

    private static final String AFTER_INIT_ADVICE = System.lineSeparator()
            + "Before orders are sent: check the broker's list of today's orders, set the kill switch and the limits again,"
            + " and do not repeat requests of before with their idempotency keys."
            + System.lineSeparator()
            + "주문 전에 증권사의 당일 주문 내역을 확인하고, 킬 스위치와 한도를 다시 설정하십시오.";

    private static final String BOM = "bom";
    private static final Set<String> COMMON_OPTIONS = Set.of("data-dir", "env");

    private static final Map<String, Set<String>> OPTIONS = Map.of(
            "verify", Set.of(),
            "rebuild", Set.of(),
            "export", Set.of("format", "out", "from", "to", "account"),
            "prune", Set.of("keep-days"),
            "init", Set.of());

    private final CommandEnvironment process;
    private final Screen screen;
    private final Screen notes;
    private final InstantSource clock;
    private final Path workingDir;
    private final Path homeDir;
    private final Map<String, String> variables;
    private CommandOptions options = new CommandOptions(List.of(), Map.of());

    JournalCommand(CommandEnvironment process) {
        this.process = process;
        this.screen = process.screen();
        this.notes = process.notes();
        this.clock = process.clock();
        this.variables = process.variables();
        this.workingDir = process.workingDir();
        this.homeDir = process.homeDir();
    }

    int run(List<String> args) {
        var helpExitCode = process.helpExitCode(args, "journal", HELP, OPTIONS.keySet());
        if (helpExitCode.isPresent()) {
            return helpExitCode.getAsInt();
        }
        String command = args.getFirst();
        try {
            var valueOptions = new HashSet<>(OPTIONS.getOrDefault(command, Set.of()));
            valueOptions.addAll(COMMON_OPTIONS);
            options = CommandOptions.read(
                    args.subList(1, args.size()),
                    0,
                    valueOptions,
                    command.equals("export") ? Set.of(BOM) : Set.of(),
                    "journal help");
            return execute(command);
        } catch (BadRequestException e) {
            notes.page(String.valueOf(e.getMessage()));
            return CommandEnvironment.BAD_REQUEST;
        } catch (StartException e) {
            notes.page(String.valueOf(e.getMessage()));
            return FOLDER_IN_USE;
        } catch (JournalException e) {
            notes.page(String.valueOf(e.getMessage()));
            return JOURNAL_DAMAGED;
        }
    }

    private int execute(String command) {
        String environment = option("env").orElse("sim").toLowerCase(Locale.ROOT);
        if (!Set.of("sim", "mock", "live").contains(environment)) {
            throw new BadRequestException("--env must be sim, mock or live.");
        }
        List<String> arguments = new ArrayList<>();
        option("data-dir").ifPresent(dir -> arguments.add("--data-dir=" + dir));
        option("keep-days").ifPresent(days -> arguments.add("--journal-keep-days=" + days));
        JournalSettings settings = SettingsLoader.journal(arguments, variables, workingDir, homeDir);
        if (!settings.problems().isEmpty()) {
            throw new BadRequestException(String.join(System.lineSeparator(), settings.problems()));
        }
        Path folder = settings.dataRoot().resolve(environment);
        Path file = folder.resolve("journal.db");
        if (command.equals("init")) {
            return init(folder, environment);
        }
        if (!Files.isRegularFile(file)) {
            throw new BadRequestException("There is no journal in " + folder + "; name the folder by --data-dir.");
        }
        System.setProperty(Main.LOG_DIR, folder.resolve("log").toString());
        try (DataFolder lockedFolder = DataFolder.open(folder, DataFolder.User.JOURNAL_COMMAND);
                JournalFile journal =
                        JournalFile.open(lockedFolder.file("journal.db"), environment, new OrderStore())) {
            return switch (command) {
                case "verify" -> printReport(JournalAudit.verify(journal, this::reportProgress));
                case "rebuild" -> printReport(JournalAudit.rebuild(journal, this::reportProgress));
                case "export" -> export(journal);
                default -> prune(journal, settings);
            };
        }
    }

    private int init(Path folder, String environment) {
        if (!Files.isDirectory(folder)) {
            throw new BadRequestException("There is no folder " + folder + "; name the gateway's by --data-dir.");
        }
        System.setProperty(Main.LOG_DIR, folder.resolve("log").toString());
        try (DataFolder lockedFolder = DataFolder.open(folder, DataFolder.User.JOURNAL_COMMAND)) {
            Path file = lockedFolder.file("journal.db");
            switch (JournalFolder.init(file, environment, new OrderStore(), clock)) {
                case Init.InOrder() -> screen.page("The journal is in order; nothing was changed.");
                case Init.Accepted(String missing) ->
                    screen.page("The gateway continues with this journal as it is, though " + missing + "."
                            + AFTER_INIT_ADVICE);
                case Init.Created(List<Path> setAside) -> {
                    setAside.forEach(movedFile -> screen.page("set aside: " + movedFile));
                    screen.page("An empty journal was created: " + file + "." + AFTER_INIT_ADVICE);
                }
            }
        }
        return 0;
    }

    private int printReport(JournalAudit.Report report) {
        report.findings().forEach(screen::page);
        long omitted = report.found() - report.findings().size();
        if (omitted > 0) {
            screen.page("… and " + omitted + " more");
        }
        if (report.rebuilt()) {
            screen.page(report.entries() + " events replayed, " + report.found() + " differences repaired");
            return 0;
        }
        screen.page(report.entries() + " events read, "
                + (report.isClean() ? "all is well" : report.found() + " problems found"));
        return report.isClean() ? 0 : JOURNAL_DAMAGED;
    }

    private int export(JournalFile journal) {
        Format format = switch (option("format").orElse("csv").toLowerCase(Locale.ROOT)) {
            case "csv" -> Format.CSV;
            case "parquet" -> Format.PARQUET;
            default -> throw new BadRequestException("--format must be csv or parquet.");
        };
        boolean withBom = options.hasFlag(BOM);
        if (withBom && format == Format.PARQUET) {
            throw new BadRequestException("--bom is for CSV; Parquet needs none.");
        }
        Path target = workingDir.resolve(
                option("out").orElseThrow(() -> new BadRequestException("--out names the file to write.")));
        if (Files.exists(target)) {
            throw new BadRequestException(target + " exists already; name another file.");
        }
        long count = JournalExport.write(
                journal,
                withBom ? Format.CSV_WITH_BOM : format,
                target,
                new Selection(dateOption("from"), dateOption("to"), option("account")),
                this::reportProgress);
        screen.page(count + " events written to " + target);
        if (format == Format.CSV && !withBom) {
            screen.page("For Excel add --bom; without it Hangul is garbled there.");
        }
        return 0;
    }

    private int prune(JournalFile journal, JournalSettings settings) {
        int days = settings.retentionDays()
                .orElseThrow(() -> new BadRequestException(
                        "All days are retained: set JOURNAL_KEEP_DAYS or --keep-days to 30 or more to delete older"
                                + " orders."));
        LocalDate today = clock.instant().atZone(TradingCalendar.SEOUL).toLocalDate();
        JournalPrune.Report report = JournalPrune.prune(journal, today.minusDays(days), this::reportProgress);
        screen.page(
                report.archive().isEmpty()
                        ? "Nothing ended before " + today.minusDays(days)
                        : report.subjects() + " orders with " + report.entries() + " events are now in "
                                + report.archive().get());
        return 0;
    }

    private void reportProgress(String step, long done, long total) {
        notes.page(step + (done == 0 ? "" : " " + done) + (done == 0 || total == 0 ? "" : " of " + total));
    }

    private Optional<String> option(String name) {
        return options.option(name);
    }

    private Optional<LocalDate> dateOption(String name) {
        try {
            return option(name).map(LocalDate::parse);
        } catch (DateTimeParseException e) {
            throw new BadRequestException("--" + name + " must be a day as 2026-11-20.");
        }
    }
}
