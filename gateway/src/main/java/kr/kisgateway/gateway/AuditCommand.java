package kr.kisgateway.gateway;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import kr.kisgateway.gateway.audit.AuditEntry;
import kr.kisgateway.gateway.audit.AuditException;
import kr.kisgateway.gateway.audit.AuditFilter;
import kr.kisgateway.gateway.audit.AuditRow;
import kr.kisgateway.gateway.audit.AuditRows;
import kr.kisgateway.gateway.audit.AuditSearch;
import kr.kisgateway.gateway.audit.AuditSource;
import kr.kisgateway.gateway.audit.AuditTimes;
import kr.kisgateway.gateway.audit.AuditVerifier;
import kr.kisgateway.gateway.audit.SharedAudit;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.settings.DataSettings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.CommandLines;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * {@code audit search|verify|export}: reads the audit of a data folder, whether its gateway runs or not. Exit code 0 done, 1 the audit
 * was changed or cannot be read, 2 usage error.
 */
@Command(
        synopsisSubcommandLabel = "COMMAND",
        description =
                "The audit of a gateway: which caller did what, when, with which result.%n" + "감사 기록을 검색, 검증, 내보내기합니다.",
        footer = {"", "It reads the data folder, sealed months included, whether the gateway runs or not. docs/AUDIT.md"
        })
final class AuditCommand {
    private static final int FAILED = 1;
    private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final List<Column> COLUMNS = List.of(
            Column.right("ROW"),
            Column.left("AT"),
            Column.left("WHO"),
            Column.left("ADDRESS"),
            Column.left("CALL"),
            Column.left("TR"),
            Column.left("PARAMETERS"),
            Column.right("CALLS"),
            Column.left("RESULT"),
            Column.left("TRACE"));
    private static final String CSV_HEADER =
            "seq,at,source,kind,principal,key,address,call,tr,parameters,status,result,trace_id,calls,failed,cost,micros,hash";

    private final CommandEnvironment process;

    @Mixin
    private DataFolderOptions folderOptions = new DataFolderOptions();

    @Option(
            names = "--gateway",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description =
                    "a gateway of the cluster, from the database of DATABASE_URL; without it the audit of the data folder")
    private Optional<String> gateway = Optional.empty();

    AuditCommand(CommandEnvironment process) {
        this.process = process;
    }

    /** Adds {@code audit} and its commands. */
    void addTo(CommandLine root) {
        var line = CommandLines.add(root, "audit", this);
        CommandLines.add(line, "search", new Search());
        CommandLines.add(line, "verify", new Verify());
        CommandLines.add(line, "export", new Export());
    }

    /** Options that narrow the rows. */
    private static final class Narrowing {
        @Option(
                names = "--from",
                paramLabel = "TIME",
                description = "first day in Seoul, 2026-11-20, or time with offset")
        private Optional<String> from = Optional.empty();

        @Option(names = "--to", paramLabel = "TIME", description = "last day, or time with offset that is not meant")
        private Optional<String> to = Optional.empty();

        @Option(names = "--who", paramLabel = "KEY", description = "name of a key, or its displayable part kgw_…")
        private Optional<String> who = Optional.empty();

        @Option(names = "--address", paramLabel = "IP", description = "IP address of the caller")
        private Optional<String> address = Optional.empty();

        @Option(names = "--text", paramLabel = "TEXT", description = "part of the call or of its parameters")
        private Optional<String> text = Optional.empty();

        @Option(names = "--tr", paramLabel = "TR", description = "TR id of a call to KIS")
        private Optional<String> tr = Optional.empty();

        @Option(names = "--result", paramLabel = "CODE", description = "OK, or the code of a refusal")
        private Optional<String> result = Optional.empty();

        @Option(names = "--trace", paramLabel = "ID", description = "trace id of a request")
        private Optional<String> trace = Optional.empty();

        @Option(names = "--source", paramLabel = "WHERE", description = "api, face, chat, kis or gateway")
        private Optional<String> source = Optional.empty();

        @Option(names = "--kind", paramLabel = "KIND", description = "call, minute or report")
        private Optional<String> kind = Optional.empty();

        private AuditFilter filter() {
            return new AuditFilter(
                    from.map(it -> time("--from", it, 0)),
                    to.map(it -> time("--to", it, 1)),
                    source.map(it -> AuditSource.of(it)
                            .orElseThrow(
                                    () -> new UsageException("--source must be api, face, chat, kis or gateway."))),
                    kind.map(it -> AuditEntry.Kind.of(it)
                            .orElseThrow(() -> new UsageException("--kind must be call, minute or report."))),
                    who,
                    address,
                    text,
                    tr,
                    result,
                    trace);
        }

        private static Instant time(String option, String text, int daysAfter) {
            return AuditTimes.parse(text, daysAfter)
                    .orElseThrow(() -> new UsageException(
                            option + " must be a day as 2026-11-20, or a time as 2026-11-20T09:00:00+09:00."));
        }
    }

    @Command(description = "Find rows, sealed months included; the newest are last.%n" + "봉인된 달을 포함해 감사 기록을 검색합니다.")
    private final class Search implements Callable<Integer> {
        @Mixin
        private final Narrowing narrowing = new Narrowing();

        @Option(names = "--limit", paramLabel = "ROWS", description = "the newest rows at most (50)")
        private int limit = 50;

        @Override
        public Integer call() {
            if (limit < 1 || limit > 100_000) {
                throw new UsageException("--limit must be from 1 to 100000.");
            }
            var filter = narrowing.filter();
            return inAudit(audit -> {
                var rows = audit.last(filter, limit);
                if (rows.isEmpty()) {
                    process.notes().line("No row matches.");
                } else {
                    process.screen()
                            .table(
                                    COLUMNS,
                                    rows.stream().map(AuditCommand::cells).toList());
                }
                return 0;
            });
        }
    }

    private static List<String> cells(AuditRow row) {
        var entry = row.entry();
        return List.of(
                String.valueOf(row.seq()),
                AT.format(entry.at().atZone(TradingCalendar.SEOUL)),
                entry.principal().isEmpty() ? entry.key() : entry.principal(),
                entry.address(),
                entry.call(),
                entry.tr(),
                entry.parameters(),
                String.valueOf(entry.calls()),
                entry.result(),
                entry.traceId());
    }

    @Command(
            description = "Read every row and every sealed file, and name the first row that was changed.%n"
                    + "모든 기록과 봉인 파일을 검사하고, 변조된 첫 기록을 알려 줍니다.")
    private final class Verify implements Callable<Integer> {
        @Override
        public Integer call() {
            if (gateway.isPresent()) {
                return ofCluster(this::verify);
            }
            return inFolder(folder -> {
                var trusted = TrustedKey.of(folder, process, folderOptions.arguments());
                var report =
                        AuditVerifier.verify(folder, trusted, process.clock().instant());
                print(report);
                if (trusted.isEmpty()) {
                    process.notes().page("The master key is not here, so the signatures' key was not checked.");
                }
                process.screen()
                        .page(report.rows() + " rows and " + report.sealedFiles() + " sealed files read, "
                                + verdict(report));
                return report.isClean() ? 0 : FAILED;
            });
        }

        private int verify(SharedAudit.Copy copied) {
            var reports = copied.verify(process.clock().instant());
            for (var copy : reports) {
                var report = copy.report();
                print(report);
                process.screen()
                        .page("Copied rows " + copy.first() + " to " + copy.last() + ", signed by "
                                + (copy.keys().isEmpty() ? "nothing yet" : String.join(", ", copy.keys())) + ", "
                                + verdict(report));
            }
            process.notes()
                    .page(
                            "Whose key signed them was not checked: the data folder of that gateway has what its master key"
                                    + " vouches for.");
            return reports.stream().allMatch(it -> it.report().isClean()) ? 0 : FAILED;
        }

        private void print(AuditVerifier.Report report) {
            report.findings().forEach(process.screen()::page);
            report.firstBroken()
                    .ifPresent(row -> process.screen().page("The first row that is not as it was recorded: " + row));
        }

        private static String verdict(AuditVerifier.Report report) {
            return report.unsigned() + " rows since the newest signature: "
                    + (report.isClean() ? "all is well" : report.findings().size() + " problems found");
        }
    }

    @Command(description = "Copy rows into a file.%n" + "감사 기록을 파일로 내보냅니다.")
    private final class Export implements Callable<Integer> {
        @Mixin
        private final Narrowing narrowing = new Narrowing();

        @Option(names = "--out", paramLabel = "FILE", description = "the file to write, CSV for Excel and others")
        private Optional<String> out = Optional.empty();

        @Override
        public Integer call() {
            var filter = narrowing.filter();
            Path target = process.workingDir()
                    .resolve(out.orElseThrow(() -> new UsageException("--out names the file to write.")));
            if (Files.exists(target)) {
                throw new UsageException(target + " exists already; name another file.");
            }
            return inAudit(audit -> {
                long rows = write(audit, filter, target);
                process.screen().page(rows + " rows written to " + target);
                return 0;
            });
        }
    }

    private static long write(AuditRows search, AuditFilter filter, Path target) {
        try (BufferedWriter file =
                Files.newBufferedWriter(target, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW)) {
            // Excel garbles Hangul without it.
            file.write("\uFEFF" + CSV_HEADER + "\r\n");
            return search.all(filter, row -> writeRow(file, row));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeRow(BufferedWriter file, AuditRow row) {
        var entry = row.entry();
        var values = List.of(
                String.valueOf(row.seq()),
                entry.at().atZone(TradingCalendar.SEOUL).toOffsetDateTime().toString(),
                entry.source().wireName(),
                entry.kind().wireName(),
                entry.principal(),
                entry.key(),
                entry.address(),
                entry.call(),
                entry.tr(),
                entry.parameters(),
                String.valueOf(entry.status()),
                entry.result(),
                entry.traceId(),
                String.valueOf(entry.calls()),
                String.valueOf(entry.failed()),
                String.valueOf(entry.cost()),
                String.valueOf(entry.micros()),
                HexFormat.of().formatHex(row.hash()));
        try {
            file.write(String.join(",", values.stream().map(AuditCommand::csv).toList()) + "\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A cell; Excel would run one that begins like a formula. */
    private static String csv(String value) {
        String safe = !value.isEmpty() && "=+-@\t".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    private int inAudit(ToIntFunction<AuditRows> work) {
        return gateway.isPresent()
                ? ofCluster(work::applyAsInt)
                : inFolder(folder -> work.applyAsInt(new AuditSearch(folder)));
    }

    /** Reads the copy of {@link #gateway} in the database. */
    private int ofCluster(ToIntFunction<SharedAudit.Copy> work) {
        DataSettings settings = settings();
        var problems = settings.databaseProblems();
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("\n", problems));
        }
        var address = settings.database()
                .orElseThrow(() -> new UsageException("--gateway needs DATABASE_URL, the database of the cluster."));
        String name = gateway.orElseThrow();
        try {
            var shared = new SharedAudit(AuditModule.shared(
                    Postgres.inspect(address, settings.folder().getFileName().toString(), "kis-audit")));
            var known = shared.gateways();
            if (!known.contains(name)) {
                throw new UsageException("The database " + address + " has no audit of " + name + "; "
                        + (known.isEmpty()
                                ? "it has none at all."
                                : "it has those of " + String.join(", ", known) + "."));
            }
            return work.applyAsInt(shared.of(name));
        } catch (AuditException | DatabaseException | UncheckedIOException e) {
            process.notes().page(String.valueOf(e.getMessage()));
            return FAILED;
        }
    }

    private DataSettings settings() {
        DataSettings settings = SettingsLoader.dataFolder(
                folderOptions.arguments(), process.variables(), process.workingDir(), process.homeDir());
        if (!settings.problems().isEmpty()) {
            throw new UsageException(String.join("\n", settings.problems()));
        }
        return settings;
    }

    private int inFolder(ToIntFunction<Path> work) {
        Path folder = settings().folder();
        if (!AuditSearch.existsIn(folder)) {
            throw new UsageException("There is no audit in " + folder + "; name the folder by --data-dir and --env.");
        }
        try {
            return work.applyAsInt(folder);
        } catch (AuditException | UncheckedIOException e) {
            process.notes().page(String.valueOf(e.getMessage()));
            return FAILED;
        }
    }
}
