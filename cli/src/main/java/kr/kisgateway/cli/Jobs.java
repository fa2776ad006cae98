package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.api.job.Job;
import kr.kisgateway.terminal.ProgressBar;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;

/** Displays jobs. */
final class Jobs {
    private Jobs() {}

    static boolean isRunning(Job job) {
        return job.state().equals("RUNNING");
    }

    /** Progress of a job, in one line. */
    static String progress(Job job) {
        long finished = job.done() + job.failed();
        return job.state() + "  " + Format.value(job.done()) + " of " + Format.value(job.total())
                + (job.total() == 0 ? "" : " (" + 100 * finished / job.total() + " %)")
                + (job.failed() > 0 ? ", " + Format.value(job.failed()) + " failed" : "")
                + (isRunning(job) ? ", " + Format.value(job.rate()) + " a second" : "")
                + (job.etaSec().isPresent()
                        ? ", " + ProgressBar.remainingTime(job.etaSec().getAsLong()) + " left"
                        : "");
    }

    static void show(Screen screen, Job job) {
        screen.line(progress(job));
        screen.pairs(List.of(
                new Pair("job", job.id()),
                new Pair("kind", job.kind()),
                new Pair("request", Format.value(job.request())),
                new Pair("by", job.by()),
                new Pair("began", Format.dateTime(job.createdAt())),
                new Pair("ended", Format.dateTime(job.endedAt())),
                new Pair("why", job.message().orElse("")),
                new Pair("folder", job.files().map(Job.WrittenFiles::folder).orElse("")),
                new Pair(
                        "prices in", job.files().map(Job.WrittenFiles::currency).orElse("")),
                new Pair("a bar of it", job.files().map(Jobs::bar).orElse(""))));
        job.result().ifPresent(result -> showParts(screen, result));
        if (!job.failures().isEmpty()) {
            screen.blank();
            screen.table(
                    List.of(Column.left("FAILED"), Column.left("CODE"), Column.left("MESSAGE")),
                    job.failures().stream()
                            .map(one -> List.of(one.unit(), one.code(), one.message()))
                            .toList());
            showMore(screen, job.failuresMore());
        }
        if (!job.notes().isEmpty()) {
            screen.blank();
            screen.table(
                    List.of(Column.left("NOTE"), Column.left("")),
                    job.notes().stream()
                            .map(one -> List.of(one.unit(), one.text()))
                            .toList());
            showMore(screen, job.notesMore());
        }
    }

    /** One of the written bars, with its unit; empty where there is none. */
    private static String bar(Job.WrittenFiles files) {
        return files.bar()
                .map(bar -> {
                    String currency = files.currency();
                    String begin = Format.marketTime(currency, bar.ts());
                    return bar.symbol() + " " + (begin.endsWith("00:00:00") ? bar.date() : begin)
                            + ": open " + Format.money(currency, bar.open()) + ", high "
                            + Format.money(currency, bar.high()) + ", low " + Format.money(currency, bar.low())
                            + ", close " + Format.money(currency, bar.close()) + " " + currency + ", "
                            + Format.value(bar.volume()) + " shares";
                })
                .orElse("");
    }

    /** Displays the figures of its parts, where it has any. */
    private static void showParts(Screen screen, Job.Result result) {
        var rows = new ArrayList<List<String>>();
        result.parts()
                .forEach((name, part) -> rows.add(List.of(
                        name,
                        Format.value(part.succeeded()),
                        Format.value(part.failed()),
                        Format.value(part.durationSeconds()) + " s")));
        if (rows.isEmpty()) {
            return;
        }
        screen.blank();
        screen.table(
                List.of(
                        Column.left("PART"),
                        Column.right("SUCCEEDED"),
                        Column.right("FAILED"),
                        Column.right("DURATION")),
                rows);
        result.totalDurationSeconds().ifPresent(it -> screen.line("together " + Format.value(it) + " s"));
    }

    private static void showMore(Screen screen, long more) {
        if (more > 0) {
            screen.line("… and " + Format.value(more) + " more");
        }
    }
}
