package kr.kisgateway.gateway.log;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.log.LogStreamLevel;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;

/** {@code /v1/log/levels}, for operators. */
public final class LogRoutes {
    private static final int MINUTES_DEFAULT = 15;
    private static final int MINUTES_MAX = 24 * 60;
    private static final String PATH = "/v1/log/levels";

    private final LogLevels levels;

    public LogRoutes(LogLevels levels) {
        this.levels = levels;
    }

    public void register(RouteTable table) {
        table.get(Role.OPERATOR, PATH, List.of(), this::list);
        table.put(Role.OPERATOR, PATH, this::set);
    }

    private void list(Call call) {
        call.caller().requireUnrestricted("The log is about");
        call.answer(new kr.kisgateway.api.log.LogLevels(
                levels.all().stream().map(LogRoutes::answer).toList()));
    }

    private void set(Call call) {
        call.caller().requireUnrestricted("The log is about");
        RequestBody body = call.body().requireOnly(Set.of("stream", "level", "minutes"));
        String name = body.text("stream");
        LogStream stream =
                LogStream.of(name).orElseThrow(() -> RequestBody.notOneOf("stream", name, LogStream.names()));
        OptionalLong minutes = body.optionalWholeNumber("minutes");
        if (minutes.isPresent() && (minutes.getAsLong() < 1 || minutes.getAsLong() > MINUTES_MAX)) {
            throw RequestBody.invalid("minutes", "must be from 1 to " + MINUTES_MAX);
        }
        var level = body.optionalText("level").map(text -> text.toUpperCase(Locale.ROOT));
        if (level.isEmpty()) {
            if (minutes.isPresent()) {
                throw RequestBody.invalid("minutes", "goes with a level");
            }
            call.answer(answer(levels.reset(stream, call.caller().name())));
            return;
        }
        if (!LogLevels.LEVELS.contains(level.get())) {
            throw RequestBody.notOneOf("level", level.get(), LogLevels.LEVELS);
        }
        call.answer(answer(levels.set(
                stream,
                level.get(),
                Duration.ofMinutes(minutes.orElse(MINUTES_DEFAULT)),
                call.caller().name())));
    }

    private static LogStreamLevel answer(LogLevels.StreamLevel level) {
        return new LogStreamLevel(
                level.stream().streamName(),
                level.stream().english(),
                level.stream().korean(),
                level.level(),
                level.until().map(ApiValues::timeMillis),
                level.setBy());
    }
}
