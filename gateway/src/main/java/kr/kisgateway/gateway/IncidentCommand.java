package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import kr.kisgateway.gateway.audit.AuditException;
import kr.kisgateway.gateway.audit.AuditSearch;
import kr.kisgateway.gateway.audit.AuditTimes;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.gateway.incident.IncidentReport;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.settings.DataSettings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.terminal.CommandLines;
import kr.kisgateway.terminal.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code incident report}: reads the audit and the journal of a data folder, whether its gateway runs or not. Exit code 0 done, 1 one of
 * them cannot be read, 2 usage error.
 */
@Command(
        synopsisSubcommandLabel = "COMMAND",
        description = "Reports of incidents.%n" + "장애 보고서를 만듭니다.",
        footer = {"", "It reads the data folder, whether the gateway runs or not. docs/RUNBOOKS.md"})
final class IncidentCommand {
    private static final int FAILED = 1;
    private static final Duration LONGEST = Duration.ofDays(7);

    private final CommandEnvironment process;

    @Mixin
    private DataFolderOptions folderOptions = new DataFolderOptions();

    IncidentCommand(CommandEnvironment process) {
        this.process = process;
    }

    /** Adds {@code incident} and its commands. */
    void addTo(CommandLine root) {
        var line = CommandLines.add(root, "incident", this);
        CommandLines.add(line, "report", new Report());
    }

    @Command(
            description = "A page in Markdown: timetable, timeline, orders in doubt, callers, errors of KIS.%n"
                    + "대응 시간표, 경과, 결과 불명 주문, 영향받은 호출자, KIS 오류를 Markdown 으로 작성합니다.")
    private final class Report implements Callable<Integer> {
        @Option(
                names = "--from",
                paramLabel = "TIME",
                description = "first day in Seoul, 2026-11-20, or time with offset")
        private Optional<String> from = Optional.empty();

        @Option(
                names = "--to",
                paramLabel = "TIME",
                description = "last day, or time with offset that is not meant (now)")
        private Optional<String> to = Optional.empty();

        @Option(names = "--out", paramLabel = "FILE", description = "the file to write (standard output)")
        private Optional<String> out = Optional.empty();

        @Override
        public Integer call() {
            var now = process.clock().instant();
            var first = time("--from", from.orElseThrow(() -> new UsageException("--from names the first time.")), 0);
            var last = to.map(it -> time("--to", it, 1)).filter(now::isAfter).orElse(now);
            if (!first.isBefore(last)) {
                throw new UsageException("--from must be before --to, and in the past.");
            }
            if (Duration.between(first, last).compareTo(LONGEST) > 0) {
                throw new UsageException("A report covers at most " + LONGEST.toDays() + " days.");
            }
            return write(first, last, now);
        }

        private int write(Instant first, Instant last, Instant now) {
            var target = out.map(process.workingDir()::resolve);
            target.ifPresent(Report::requireFree);
            var settings = settings();
            Path folder = settings.folder();
            if (!AuditSearch.existsIn(folder)) {
                throw new UsageException("There is no audit in " + folder
                        + ", or this user may not read it; name the folder by --data-dir and --env.");
            }
            String page;
            try {
                page = IncidentReport.of(
                        folder,
                        folder.resolve(OrderModule.JOURNAL),
                        String.valueOf(folder.getFileName()),
                        first,
                        last,
                        now);
            } catch (AuditException | JournalException | UncheckedIOException e) {
                process.notes().page("No report was made: " + e.getMessage());
                return FAILED;
            }
            return target.map(file -> save(page, file)).orElseGet(() -> {
                process.out().print(page);
                return 0;
            });
        }

        private static void requireFree(Path target) {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new UsageException(target + " exists already; name another file.");
            }
            if (!Files.isDirectory(target.resolveSibling("."))) {
                throw new UsageException("There is no folder for " + target + "; create it or name another file.");
            }
        }

        /** For its owner alone: it names orders, callers and addresses. */
        private int save(String page, Path target) {
            try {
                if (!AtomicFile.createForOwner(target, page.getBytes(StandardCharsets.UTF_8))) {
                    throw new UsageException(target + " exists already; name another file.");
                }
            } catch (IOException e) {
                process.notes().page("The report cannot be written to " + target + ": " + e.getMessage());
                return FAILED;
            }
            process.screen().page("written to " + target);
            return 0;
        }
    }

    private static Instant time(String option, String text, int daysAfter) {
        return AuditTimes.parse(text, daysAfter)
                .orElseThrow(() -> new UsageException(
                        option + " must be a day as 2026-11-20, or a time as 2026-11-20T09:00:00+09:00."));
    }

    private DataSettings settings() {
        var settings = SettingsLoader.dataFolder(
                folderOptions.arguments(), process.variables(), process.workingDir(), process.homeDir());
        if (!settings.problems().isEmpty()) {
            throw new UsageException(String.join("\n", settings.problems()));
        }
        return settings;
    }
}
