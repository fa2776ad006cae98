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
 * {@code journal verify|rebuild|export|prune|init}: what an operator does with the journal of a gateway that does not run.
 * Ends with 0 when all is well, 1 when something is wrong with the journal, 2 when it was asked for wrongly, 3 when somebody
 * else has the folder: only 1 says anything about the journal.
 */
final class JournalCommand {
    private static final int WRONG = 1;
    private static final int TAKEN = 3;

    private static final String HELP = """
            ./kis journal: the journal of a gateway that does not run
            정지된 게이트웨이의 저널을 검증, 재구성, 내보내기, 정리합니다.

              verify    read every event, replay all, compare with the tables; exit 1 when something is wrong
              rebuild   the same, and make the tables what the events say
              export    copy events into a file        --format csv|parquet --out FILE
                                                       [--from DAY --to DAY --account ALIAS]
                                                       [--bom: for Excel, which else breaks Hangul in CSV]
              init      let a gateway start that refuses to because its journal is missing, empty or older than the
                        files beside it: takes the journal that is there as it is, or makes an empty one. Deletes
                        nothing. The kill switch, limits and idempotency keys that it lacks are forgotten
                        저널이 없거나 비었거나 오래되어 시작이 거부된 게이트웨이를 시작할 수 있게 합니다
              prune     let go of orders that ended more than --keep-days trading days' dates ago
                        (JOURNAL_KEEP_DAYS; at least 30); they stay in DATA/ENV/pruned as Parquet

              --data-dir=./data        the gateway's folder        (GATEWAY_DATA_DIR)
              --env=sim                sim, mock or live
            Days are 2026-11-20. What takes long says how far it is.

            Exit codes
              0  done, all is well
              1  something is wrong with the journal
              2  asked for wrongly: no journal there, a file that exists already, an unknown option
              3  a gateway or another journal command uses the folder, or it cannot be written
            """;

    private static final String FORGOTTEN = System.lineSeparator()
            + "Before orders are sent: look at the broker's list of today's orders, set the kill switch and the limits again,"
            + " and do not repeat requests of before with their idempotency keys."
            + System.lineSeparator()
            + "주문 전에 증권사의 당일 주문 내역을 확인하고, 킬 스위치와 한도를 다시 설정하십시오.";

    private static final String BOM = "bom";
    private static final Set<String> COMMON = Set.of("data-dir", "env");

    private static final Map<String, Set<String>> OPTIONS = Map.of(
            "verify", Set.of(),
            "rebuild", Set.of(),
            "export", Set.of("format", "out", "from", "to", "account"),
            "prune", Set.of("keep-days"),
            "init", Set.of());

    private final CommandWorld world;
    private final Screen screen;
    private final Screen notes;
    private final InstantSource clock;
    private final Path workingDir;
    private final Path homeDir;
    private final Map<String, String> variables;
    private CommandOptions options = new CommandOptions(List.of(), Map.of());

    JournalCommand(CommandWorld world) {
        this.world = world;
        this.screen = world.screen();
        this.notes = world.notes();
        this.clock = world.clock();
        this.variables = world.variables();
        this.workingDir = world.workingDir();
        this.homeDir = world.homeDir();
    }

    int run(List<String> args) {
        var helped = world.helped(args, "journal", HELP, OPTIONS.keySet());
        if (helped.isPresent()) {
            return helped.getAsInt();
        }
        String what = args.getFirst();
        try {
            var valued = new HashSet<>(OPTIONS.getOrDefault(what, Set.of()));
            valued.addAll(COMMON);
            options = CommandOptions.read(
                    args.subList(1, args.size()),
                    0,
                    valued,
                    what.equals("export") ? Set.of(BOM) : Set.of(),
                    "journal help");
            return on(what);
        } catch (BadRequestException e) {
            notes.page(String.valueOf(e.getMessage()));
            return CommandWorld.BAD_REQUEST;
        } catch (StartException e) {
            notes.page(String.valueOf(e.getMessage()));
            return TAKEN;
        } catch (JournalException e) {
            notes.page(String.valueOf(e.getMessage()));
            return WRONG;
        }
    }

    private int on(String what) {
        String environment = option("env").orElse("sim").toLowerCase(Locale.ROOT);
        if (!Set.of("sim", "mock", "live").contains(environment)) {
            throw new BadRequestException("--env must be sim, mock or live.");
        }
        List<String> given = new ArrayList<>();
        option("data-dir").ifPresent(dir -> given.add("--data-dir=" + dir));
        option("keep-days").ifPresent(days -> given.add("--journal-keep-days=" + days));
        JournalSettings settings = SettingsLoader.journal(given, variables, workingDir, homeDir);
        if (!settings.problems().isEmpty()) {
            throw new BadRequestException(String.join(System.lineSeparator(), settings.problems()));
        }
        Path folder = settings.dataRoot().resolve(environment);
        Path file = folder.resolve("journal.db");
        if (what.equals("init")) {
            return init(folder, environment);
        }
        if (!Files.isRegularFile(file)) {
            throw new BadRequestException("There is no journal in " + folder + "; name the folder by --data-dir.");
        }
        System.setProperty(Main.LOG_DIR, folder.resolve("log").toString());
        try (DataFolder held = DataFolder.open(folder, DataFolder.User.JOURNAL_COMMAND);
                JournalFile journal = JournalFile.open(held.file("journal.db"), environment, new OrderStore())) {
            return switch (what) {
                case "verify" -> tell(JournalAudit.verify(journal, this::progress));
                case "rebuild" -> tell(JournalAudit.rebuild(journal, this::progress));
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
        try (DataFolder held = DataFolder.open(folder, DataFolder.User.JOURNAL_COMMAND)) {
            Path file = held.file("journal.db");
            switch (JournalFolder.init(file, environment, new OrderStore(), clock)) {
                case Init.InOrder() -> screen.page("The journal is in order; nothing was changed.");
                case Init.Accepted(String missing) ->
                    screen.page("The gateway goes on with this journal as it is, though " + missing + "." + FORGOTTEN);
                case Init.Created(List<Path> setAside) -> {
                    setAside.forEach(kept -> screen.page("set aside: " + kept));
                    screen.page("An empty journal was made: " + file + "." + FORGOTTEN);
                }
            }
        }
        return 0;
    }

    private int tell(JournalAudit.Report report) {
        report.findings().forEach(screen::page);
        long untold = report.found() - report.findings().size();
        if (untold > 0) {
            screen.page("… and " + untold + " more");
        }
        if (report.rebuilt()) {
            screen.page(report.entries() + " events replayed, " + report.found() + " differences put right");
            return 0;
        }
        screen.page(report.entries() + " events read, "
                + (report.clean() ? "all is well" : report.found() + " things are wrong"));
        return report.clean() ? 0 : WRONG;
    }

    private int export(JournalFile journal) {
        Format format = switch (option("format").orElse("csv").toLowerCase(Locale.ROOT)) {
            case "csv" -> Format.CSV;
            case "parquet" -> Format.PARQUET;
            default -> throw new BadRequestException("--format must be csv or parquet.");
        };
        boolean mark = options.flag(BOM);
        if (mark && format == Format.PARQUET) {
            throw new BadRequestException("--bom is for CSV; Parquet needs none.");
        }
        Path to = workingDir.resolve(
                option("out").orElseThrow(() -> new BadRequestException("--out names the file to write.")));
        if (Files.exists(to)) {
            throw new BadRequestException(to + " exists already; name another file.");
        }
        long count = JournalExport.write(
                journal,
                mark ? Format.CSV_WITH_BOM : format,
                to,
                new Selection(day("from"), day("to"), option("account")),
                this::progress);
        screen.page(count + " events written to " + to);
        if (format == Format.CSV && !mark) {
            screen.page("For Excel write it with --bom: without, Hangul is broken there.");
        }
        return 0;
    }

    private int prune(JournalFile journal, JournalSettings settings) {
        int days = settings.keepDays()
                .orElseThrow(() -> new BadRequestException(
                        "Everything is kept: set JOURNAL_KEEP_DAYS or --keep-days to 30 or more to let go of older"
                                + " orders."));
        LocalDate today = clock.instant().atZone(TradingCalendar.SEOUL).toLocalDate();
        JournalPrune.Report report = JournalPrune.prune(journal, today.minusDays(days), this::progress);
        screen.page(
                report.archive().isEmpty()
                        ? "Nothing ended before " + today.minusDays(days)
                        : report.subjects() + " orders with " + report.entries() + " events are now in "
                                + report.archive().get());
        return 0;
    }

    private void progress(String step, long done, long total) {
        notes.page(step + (done == 0 ? "" : " " + done) + (done == 0 || total == 0 ? "" : " of " + total));
    }

    private Optional<String> option(String name) {
        return options.option(name);
    }

    private Optional<LocalDate> day(String name) {
        try {
            return option(name).map(LocalDate::parse);
        } catch (DateTimeParseException e) {
            throw new BadRequestException("--" + name + " must be a day as 2026-11-20.");
        }
    }
}
