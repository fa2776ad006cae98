package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import tools.jackson.databind.JsonNode;

/** Jobs as people read them. */
final class Jobs {
    private Jobs() {}

    static String path(String id) {
        return "/v1/jobs/" + Reach.encoded(id);
    }

    static boolean runs(JsonNode job) {
        return job.path("state").asString("").equals("RUNNING");
    }

    /** How far it is, in one line. */
    static String progress(JsonNode job) {
        long over = job.path("done").asLong() + job.path("failed").asLong();
        long total = job.path("total").asLong();
        return Say.text(job, "state") + "  " + Say.text(job, "done") + " of " + Say.text(job, "total")
                + (total == 0 ? "" : " (" + 100 * over / total + " %)")
                + (job.path("failed").asLong() > 0 ? ", " + Say.text(job, "failed") + " failed" : "")
                + (runs(job) ? ", " + Say.text(job, "rate") + " a second" : "")
                + (job.path("eta_sec").isNumber()
                        ? ", " + left(job.path("eta_sec").asLong()) + " left"
                        : "");
    }

    /** {@code 1:02:03} or {@code 2:03}. */
    static String left(long seconds) {
        String rest = String.format(java.util.Locale.ROOT, "%02d", seconds % 60);
        long minutes = seconds / 60;
        return minutes < 60
                ? minutes + ":" + rest
                : minutes / 60 + ":" + String.format(java.util.Locale.ROOT, "%02d", minutes % 60) + ":" + rest;
    }

    static void show(Screen screen, JsonNode job) {
        screen.line(progress(job));
        screen.pairs(List.of(
                new Pair("job", Say.text(job, "id")),
                new Pair("kind", Say.text(job, "kind")),
                new Pair("request", Say.value(job.path("request"))),
                new Pair("by", Say.text(job, "by")),
                new Pair("began", Say.moment(job, "created_at")),
                new Pair("ended", Say.moment(job, "ended_at")),
                new Pair("why", Say.text(job, "message")),
                new Pair("folder", Say.text(job.path("files"), "folder")),
                new Pair("prices in", Say.text(job.path("files"), "currency")),
                new Pair("a bar of it", bar(job.path("files")))));
        parts(screen, job.path("result"));
        var failures = new ArrayList<List<String>>();
        job.path("failures")
                .forEach(one ->
                        failures.add(List.of(Say.text(one, "unit"), Say.text(one, "code"), Say.text(one, "message"))));
        if (!failures.isEmpty()) {
            screen.blank();
            screen.table(List.of(Column.left("FAILED"), Column.left("CODE"), Column.left("MESSAGE")), failures);
            more(screen, job, "failures_more");
        }
        var notes = new ArrayList<List<String>>();
        job.path("notes").forEach(one -> notes.add(List.of(Say.text(one, "unit"), Say.text(one, "text"))));
        if (!notes.isEmpty()) {
            screen.blank();
            screen.table(List.of(Column.left("NOTE"), Column.left("")), notes);
            more(screen, job, "notes_more");
        }
    }

    /** One of the bars that were written, with its unit; empty where there is none. */
    private static String bar(JsonNode files) {
        JsonNode bar = files.path("bar");
        if (!bar.isObject()) {
            return "";
        }
        String begin = Say.second(bar.path("ts").asLong());
        return Say.text(bar, "symbol") + " " + (begin.endsWith("00:00:00") ? Say.text(bar, "date") : begin)
                + ": open " + Say.text(bar, "open") + ", high " + Say.text(bar, "high") + ", low "
                + Say.text(bar, "low") + ", close " + Say.text(bar, "close") + " " + Say.text(files, "currency")
                + ", " + Say.text(bar, "volume") + " shares";
    }

    /** The figures of its parts, where it has any. */
    private static void parts(Screen screen, JsonNode result) {
        var rows = new ArrayList<List<String>>();
        result.path("parts")
                .forEachEntry((name, part) -> rows.add(List.of(
                        name,
                        Say.text(part, "succeeded"),
                        Say.text(part, "failed"),
                        Say.text(part, "duration_seconds") + " s")));
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
        if (result.path("total_duration_seconds").isNumber()) {
            screen.line("together " + Say.text(result, "total_duration_seconds") + " s");
        }
    }

    private static void more(Screen screen, JsonNode job, String field) {
        if (job.path(field).asLong() > 0) {
            screen.line("… and " + Say.text(job, field) + " more");
        }
    }
}
