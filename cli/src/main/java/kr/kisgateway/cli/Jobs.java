package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import tools.jackson.databind.JsonNode;

/** Displays jobs. */
final class Jobs {
    private Jobs() {}

    static String path(String id) {
        return "/v1/jobs/" + GatewayConnection.encode(id);
    }

    static boolean isRunning(JsonNode job) {
        return job.path("state").asString("").equals("RUNNING");
    }

    /** Progress of a job, in one line. */
    static String progress(JsonNode job) {
        long finished = job.path("done").asLong() + job.path("failed").asLong();
        long total = job.path("total").asLong();
        return Format.text(job, "state") + "  " + Format.text(job, "done") + " of " + Format.text(job, "total")
                + (total == 0 ? "" : " (" + 100 * finished / total + " %)")
                + (job.path("failed").asLong() > 0 ? ", " + Format.text(job, "failed") + " failed" : "")
                + (isRunning(job) ? ", " + Format.text(job, "rate") + " a second" : "")
                + (job.path("eta_sec").isNumber()
                        ? ", " + remainingTime(job.path("eta_sec").asLong()) + " left"
                        : "");
    }

    /** {@code 1:02:03} or {@code 2:03}. */
    static String remainingTime(long seconds) {
        String rest = String.format(java.util.Locale.ROOT, "%02d", seconds % 60);
        long minutes = seconds / 60;
        return minutes < 60
                ? minutes + ":" + rest
                : minutes / 60 + ":" + String.format(java.util.Locale.ROOT, "%02d", minutes % 60) + ":" + rest;
    }

    static void show(Screen screen, JsonNode job) {
        screen.line(progress(job));
        screen.pairs(List.of(
                new Pair("job", Format.text(job, "id")),
                new Pair("kind", Format.text(job, "kind")),
                new Pair("request", Format.value(job.path("request"))),
                new Pair("by", Format.text(job, "by")),
                new Pair("began", Format.dateTime(job, "created_at")),
                new Pair("ended", Format.dateTime(job, "ended_at")),
                new Pair("why", Format.text(job, "message")),
                new Pair("folder", Format.text(job.path("files"), "folder")),
                new Pair("prices in", Format.text(job.path("files"), "currency")),
                new Pair("a bar of it", bar(job.path("files")))));
        showParts(screen, job.path("result"));
        var failures = new ArrayList<List<String>>();
        job.path("failures")
                .forEach(one -> failures.add(
                        List.of(Format.text(one, "unit"), Format.text(one, "code"), Format.text(one, "message"))));
        if (!failures.isEmpty()) {
            screen.blank();
            screen.table(List.of(Column.left("FAILED"), Column.left("CODE"), Column.left("MESSAGE")), failures);
            showMore(screen, job, "failures_more");
        }
        var notes = new ArrayList<List<String>>();
        job.path("notes").forEach(one -> notes.add(List.of(Format.text(one, "unit"), Format.text(one, "text"))));
        if (!notes.isEmpty()) {
            screen.blank();
            screen.table(List.of(Column.left("NOTE"), Column.left("")), notes);
            showMore(screen, job, "notes_more");
        }
    }

    /** One of the written bars, with its unit; empty where there is none. */
    private static String bar(JsonNode files) {
        JsonNode bar = files.path("bar");
        if (!bar.isObject()) {
            return "";
        }
        String begin = Format.ofEpochSecond(bar.path("ts").asLong());
        return Format.text(bar, "symbol") + " " + (begin.endsWith("00:00:00") ? Format.text(bar, "date") : begin)
                + ": open " + Format.text(bar, "open") + ", high " + Format.text(bar, "high") + ", low "
                + Format.text(bar, "low") + ", close " + Format.text(bar, "close") + " "
                + Format.text(files, "currency")
                + ", " + Format.text(bar, "volume") + " shares";
    }

    /** Displays the figures of its parts, where it has any. */
    private static void showParts(Screen screen, JsonNode result) {
        var rows = new ArrayList<List<String>>();
        result.path("parts")
                .forEachEntry((name, part) -> rows.add(List.of(
                        name,
                        Format.text(part, "succeeded"),
                        Format.text(part, "failed"),
                        Format.text(part, "duration_seconds") + " s")));
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
            screen.line("together " + Format.text(result, "total_duration_seconds") + " s");
        }
    }

    private static void showMore(Screen screen, JsonNode job, String field) {
        if (job.path(field).asLong() > 0) {
            screen.line("… and " + Format.text(job, field) + " more");
        }
    }
}
