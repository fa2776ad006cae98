package kr.kisgateway.gateway.job;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.job.Job.Failure;
import kr.kisgateway.api.job.Job.Note;
import kr.kisgateway.api.job.Job.Part;
import kr.kisgateway.api.job.Job.Result;
import kr.kisgateway.api.job.Job.StoredBar;
import kr.kisgateway.api.job.JobPage;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.job.JobRunner.JobStatus;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Currency;

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
        call.answerPage(() -> page(runner.list(cursor, limit + 1), limit, call.caller()));
    }

    private static JobPage page(List<JobStatus> jobs, int limit, Caller caller) {
        return new JobPage(
                jobs.stream().limit(limit).map(job -> answer(job, caller)).toList(),
                jobs.size() > limit ? Optional.of(jobs.get(limit - 1).job().id()) : Optional.empty());
    }

    private void show(Call call) {
        call.answer(answer(
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
        call.answer(answer(runner.cancel(id).orElseThrow(() -> unknown(id)), caller));
    }

    private static RefusedException unknown(String id) {
        return new RefusedException(Refusal.of(ErrorCode.JOB_NOT_FOUND, "No such job; the last 100 are retained.")
                .with("id", id.length() > 40 ? id.substring(0, 40) : id));
    }

    /** A job as every call answers it; units about symbols outside the caller's scope are omitted. */
    public static kr.kisgateway.api.job.Job answer(JobStatus status, Caller caller) {
        Job job = status.job();
        List<Job.Failure> failures =
                job.failures().stream().filter(it -> isVisible(it, caller)).toList();
        List<Job.Note> notes =
                job.notes().stream().filter(it -> isVisible(it, caller)).toList();
        return new kr.kisgateway.api.job.Job(
                job.id(),
                job.kind(),
                job.state().name(),
                job.total(),
                job.done(),
                job.failed(),
                ApiValues.thousandths(Math.round(status.perSecond() * 1_000)),
                status.etaSeconds().map(OptionalLong::of).orElse(OptionalLong.empty()),
                ApiValues.timeMillis(job.createdAt()),
                job.endedAt().map(ApiValues::timeMillis),
                job.tenant(),
                Optional.of(job.message()).filter(message -> !message.isEmpty()),
                Optional.of(job.request()).filter(request -> !request.isEmpty()).map(ApiJson::object),
                failures.stream()
                        .map(it -> new Failure(it.unit(), it.code(), it.message()))
                        .toList(),
                Math.max(0, job.failed() - failures.size()),
                notes.stream().map(it -> new Note(it.unit(), it.text())).toList(),
                Math.max(0, job.noteCount() - notes.size()),
                status.parts().isEmpty() ? Optional.empty() : Optional.of(result(status)),
                status.files().map(files -> answer(files, caller)));
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

    private static kr.kisgateway.api.job.Job.WrittenFiles answer(WrittenFiles files, Caller caller) {
        return new kr.kisgateway.api.job.Job.WrittenFiles(
                files.folder().toString(),
                files.currency().name(),
                files.sample()
                        .filter(it -> caller.mayReadSymbol(it.symbol().code()))
                        .map(sample -> storedBar(sample.symbol().code(), files.currency(), sample.bar())));
    }

    private static StoredBar storedBar(String symbol, Currency currency, Bar bar) {
        return new StoredBar(
                symbol,
                bar.date(),
                bar.ts(),
                ApiValues.amount(currency, bar.open()),
                ApiValues.amount(currency, bar.high()),
                ApiValues.amount(currency, bar.low()),
                ApiValues.amount(currency, bar.close()),
                bar.volume(),
                bar.turnover().stream()
                        .mapToObj(units -> ApiValues.amount(currency, units))
                        .findFirst());
    }

    private static Result result(JobStatus status) {
        var parts = new LinkedHashMap<String, Part>();
        status.parts()
                .forEach(part -> parts.put(
                        part.name(),
                        new Part(
                                part.units(),
                                part.done(),
                                part.failed(),
                                ApiValues.thousandths(part.duration().toMillis()))));
        return new Result(
                parts,
                status.job()
                        .endedAt()
                        .map(ended -> ApiValues.thousandths(
                                Duration.between(status.job().createdAt(), ended)
                                        .toMillis())));
    }
}
