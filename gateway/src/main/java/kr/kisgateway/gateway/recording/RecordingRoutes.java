package kr.kisgateway.gateway.recording;

import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** {@code /v1/history/recordings}. */
public final class RecordingRoutes {
    private static final int SYMBOLS_MAX = 1_000;

    private final TickRecorder recorder;
    private final Function<String, Lookup> listing;

    /** @param listed what may be recorded */
    public RecordingRoutes(TickRecorder recorder, Function<String, Lookup> listing) {
        this.recorder = recorder;
        this.listing = listing;
    }

    /** Adds the calls. */
    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/history/recordings", this::list);
        table.post(Role.OPERATOR, "/v1/history/recordings", this::begin);
        table.delete(Role.OPERATOR, "/v1/history/recordings/{id}", this::end);
    }

    private void list(Call call) {
        var json = new JsonBuffer(1_024).beginObject().name("recordings").beginArray();
        recorder.all().stream().filter(it -> shown(it, call.caller())).forEach(it -> write(json, it));
        call.answer(json.endArray().endObject());
    }

    private void begin(Call call) {
        RequestBody body = call.body().only(Set.of("symbols", "channels"));
        if (!body.has("symbols")) {
            throw RequestBody.missing("symbols");
        }
        var symbols = new LinkedHashSet<Symbol>();
        for (String text : body.texts("symbols", SYMBOLS_MAX)) {
            call.caller().requireSymbol(text);
            symbols.add(listing.apply(text).korean().symbol());
        }
        if (symbols.isEmpty()) {
            throw RequestBody.invalid("symbols", "names none");
        }
        call.answer(
                201,
                json(recorder.begin(
                        List.copyOf(symbols), kinds(body), call.caller().name())));
    }

    private static List<TickKind> kinds(RequestBody body) {
        if (!body.has("channels")) {
            return List.of(TickKind.TRADES);
        }
        var kinds = new LinkedHashSet<TickKind>();
        for (String word : body.texts("channels", TickKind.values().length)) {
            kinds.add(TickKind.of(word).orElseThrow(() -> RequestBody.invalid("channels", "must be trades or books")));
        }
        if (kinds.isEmpty()) {
            throw RequestBody.invalid("channels", "names none");
        }
        return List.copyOf(kinds);
    }

    private void end(Call call) {
        String id = call.path("id");
        Caller caller = call.caller();
        Optional<Recording> recording = recorder.all().stream()
                .filter(it -> it.id().equals(id) && shown(it, caller))
                .findFirst();
        if (!caller.isUnrestricted()
                && recording.filter(it -> !it.by().equals(caller.name())).isPresent()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.FORBIDDEN, "Another key began this recording; your key may end those it began."));
        }
        call.answer(json(recording
                .flatMap(_ -> recorder.end(id))
                .orElseThrow(() ->
                        new RefusedException(Refusal.of(ErrorCode.RECORDING_NOT_FOUND, "There is no such recording.")
                                .with("id", id.length() > 40 ? id.substring(0, 40) : id)))));
    }

    /** One about a symbol that is not the caller's is not there for him. */
    private static boolean shown(Recording recording, Caller caller) {
        return recording.symbols().stream().allMatch(symbol -> caller.maySee(symbol.code()));
    }

    private static JsonBuffer json(Recording recording) {
        var json = new JsonBuffer(512);
        write(json, recording);
        return json;
    }

    private static void write(JsonBuffer json, Recording recording) {
        json.beginObject()
                .field("id", recording.id())
                .field("state", recording.runs() ? "RECORDING" : "STOPPED")
                .name("symbols")
                .beginArray();
        recording.symbols().forEach(symbol -> json.value(symbol.code()));
        json.endArray().name("channels").beginArray();
        recording.kinds().forEach(kind -> json.value(kind.word()));
        json.endArray()
                .field(
                        "started_at",
                        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                                recording.startedAt().atZone(TradingCalendar.SEOUL)))
                .field("by", recording.by())
                .field("stopped", recording.stopped())
                .endObject();
    }
}
