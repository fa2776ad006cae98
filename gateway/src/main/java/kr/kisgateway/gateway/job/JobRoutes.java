package kr.kisgateway.gateway.job;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.job.JobRunner.JobStatus;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.TradingCalendar;

/** {@code /v1/jobs}. */
public final class JobRoutes {
    private static final int LIMIT_DEFAULT = 20;
    private static final int LIMIT_MAX = 100;
    private static final Pattern LIST_UNIT = Pattern.compile("\\d{4}-\\d{2}-\\d{2}/.*");

    private final JobRunner runner;

    public JobRoutes(JobRunner runner) {
        this.runner = runner;
    }

    /** Registers the routes. */
    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/jobs", List.of("limit", "cursor"), this::list);
        table.get(Role.TRADE, "/v1/jobs/{id}", this::show);
        table.delete(Role.OPERATOR, "/v1/jobs/{id}", this::cancel);
    }

    private void list(Call call) {
        int limit = call.limit(LIMIT_DEFAULT, LIMIT_MAX);
        Optional<String> cursor = call.query("cursor");
        if (cursor.isPresent() && runner.find(cursor.get()).isEmpty()) {
            throw Call.invalid("cursor", "must be the next_cursor of an earlier answer");
        }
        List<JobStatus> jobs = runner.list(cursor, limit + 1);
        var json = new JsonBuffer(4_096).beginObject().name("jobs").beginArray();
        jobs.stream().limit(limit).forEach(job -> write(json, job, call.caller()));
        json.endArray();
        if (jobs.size() > limit) {
            json.field("next_cursor", jobs.get(limit - 1).job().id());
        } else {
            json.fieldNull("next_cursor");
        }
        call.answer(json.endObject());
    }

    private void show(Call call) {
        call.answer(json(
                runner.find(call.pathParameter("id")).orElseThrow(() -> unknown(call.pathParameter("id"))),
                call.caller()));
    }

    private void cancel(Call call) {
        String id = call.pathParameter("id");
        JobStatus job = runner.find(id).orElseThrow(() -> unknown(id));
        Caller caller = call.caller();
        if (!caller.isUnrestricted() && !job.job().tenant().equals(caller.name())) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.FORBIDDEN, "Another key started this job; your key may cancel only its own.")
                            .with("id", job.job().id()));
        }
        call.answer(json(runner.cancel(id).orElseThrow(() -> unknown(id)), caller));
    }

    private static RefusedException unknown(String id) {
        return new RefusedException(Refusal.of(ErrorCode.JOB_NOT_FOUND, "No such job; the last 100 are retained.")
                .with("id", id.length() > 40 ? id.substring(0, 40) : id));
    }

    /** A job as every call answers it; units about symbols outside the caller's scope are omitted. */
    public static JsonBuffer json(JobStatus status, Caller caller) {
        var json = new JsonBuffer(1_024);
        write(json, status, caller);
        return json;
    }

    /**
     * A unit about a symbol begins with its code; one about a daily list of the exchange, with its day and no symbol.
     */
    private static boolean isVisible(Job.Failure failure, Caller caller) {
        return LIST_UNIT.matcher(failure.unit()).matches() || isOwnSymbol(failure.unit(), caller);
    }

    /** A note on a daily list names its symbols, so only a caller with access to all symbols receives it. */
    private static boolean isVisible(Job.Note note, Caller caller) {
        return isOwnSymbol(note.unit(), caller);
    }

    private static boolean isOwnSymbol(String unit, Caller caller) {
        return caller.mayReadSymbol(unit.split("/", 2)[0]);
    }

    private static void write(JsonBuffer json, JobStatus status, Caller caller) {
        Job job = status.job();
        List<Job.Failure> failures =
                job.failures().stream().filter(it -> isVisible(it, caller)).toList();
        List<Job.Note> notes =
                job.notes().stream().filter(it -> isVisible(it, caller)).toList();
        json.beginObject()
                .field("id", job.id())
                .field("kind", job.kind())
                .field("state", job.state().name())
                .field("total", job.total())
                .field("done", job.done())
                .field("failed", job.failed())
                .fieldThousandths("rate", Math.round(status.perSecond() * 1_000));
        if (status.etaSeconds().isPresent()) {
            json.field("eta_sec", status.etaSeconds().get());
        } else {
            json.fieldNull("eta_sec");
        }
        json.field("created_at", formatTime(job.createdAt()))
                .field("ended_at", job.endedAt().map(JobRoutes::formatTime))
                .field("by", job.tenant())
                .field("message", job.message().isEmpty() ? Optional.<String>empty() : Optional.of(job.message()))
                .name("request");
        if (job.request().isEmpty()) {
            json.nullValue();
        } else {
            json.json(job.request().getBytes(StandardCharsets.UTF_8));
        }
        json.name("failures").beginArray();
        failures.forEach(failure -> json.beginObject()
                .field("unit", failure.unit())
                .field("code", failure.code())
                .field("message", failure.message())
                .endObject());
        json.endArray().field("failures_more", Math.max(0, job.failed() - failures.size()));
        json.name("notes").beginArray();
        notes.forEach(note -> json.beginObject()
                .field("unit", note.unit())
                .field("text", note.text())
                .endObject());
        json.endArray().field("notes_more", Math.max(0, job.noteCount() - notes.size()));
        if (status.parts().isEmpty()) {
            json.fieldNull("result");
        } else {
            result(json.name("result"), status);
        }
        files(json, status, caller);
        json.endObject();
    }

    private static void files(JsonBuffer json, JobStatus status, Caller caller) {
        var files = status.files();
        if (files.isEmpty()) {
            json.fieldNull("files");
            return;
        }
        json.name("files")
                .beginObject()
                .field("folder", files.get().folder().toString())
                .field("currency", files.get().currency());
        var sample = files.get().sample().filter(it -> caller.mayReadSymbol(it.symbol()));
        if (sample.isPresent()) {
            var bar = sample.get().bar();
            json.name("bar")
                    .beginObject()
                    .field("symbol", sample.get().symbol())
                    .field("date", bar.date().toString())
                    .field("ts", bar.ts())
                    .field("open", bar.open())
                    .field("high", bar.high())
                    .field("low", bar.low())
                    .field("close", bar.close())
                    .field("volume", bar.volume())
                    .field("turnover", bar.turnover())
                    .endObject();
        } else {
            json.fieldNull("bar");
        }
        json.endObject();
    }

    private static void result(JsonBuffer json, JobStatus status) {
        json.beginObject().name("parts").beginObject();
        status.parts()
                .forEach(part -> json.name(part.name())
                        .beginObject()
                        .field("units", part.units())
                        .field("succeeded", part.done())
                        .field("failed", part.failed())
                        .fieldThousandths("duration_seconds", part.duration().toMillis())
                        .endObject());
        json.endObject();
        if (status.job().endedAt().isPresent()) {
            json.fieldThousandths(
                    "total_duration_seconds",
                    Duration.between(
                                    status.job().createdAt(),
                                    status.job().endedAt().get())
                            .toMillis());
        } else {
            json.fieldNull("total_duration_seconds");
        }
        json.endObject();
    }

    private static String formatTime(Instant instant) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                instant.truncatedTo(ChronoUnit.MILLIS).atZone(TradingCalendar.SEOUL));
    }
}
