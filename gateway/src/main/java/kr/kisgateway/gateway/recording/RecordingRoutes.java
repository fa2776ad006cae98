package kr.kisgateway.gateway.recording;

import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kr.kisgateway.api.error.ErrorCode;
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

    /** @param listing finds the instruments that may be recorded */
    public RecordingRoutes(TickRecorder recorder, Function<String, Lookup> listing) {
        this.recorder = recorder;
        this.listing = listing;
    }

    /** Adds the routes. */
    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/history/recordings", this::list);
        table.post(Role.OPERATOR, "/v1/history/recordings", this::startRecording);
        table.delete(Role.OPERATOR, "/v1/history/recordings/{id}", this::stopRecording);
    }

    private void list(Call call) {
        var json = new JsonBuffer(1_024).beginObject().name("recordings").beginArray();
        recorder.all().stream().filter(it -> isVisible(it, call.caller())).forEach(it -> write(json, it));
        call.answer(json.endArray().endObject());
    }

    private void startRecording(Call call) {
        RequestBody body = call.body().requireOnly(Set.of("symbols", "channels"));
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
                json(recorder.startRecording(
                        List.copyOf(symbols), kinds(body), call.caller().name())));
    }

    private static List<TickKind> kinds(RequestBody body) {
        if (!body.has("channels")) {
            return List.of(TickKind.TRADES);
        }
        var kinds = new LinkedHashSet<TickKind>();
        for (String name : body.texts("channels", TickKind.values().length)) {
            kinds.add(
                    TickKind.of(name).orElseThrow(() -> RequestBody.notOneOf("channels", name, TickKind.wireNames())));
        }
        if (kinds.isEmpty()) {
            throw RequestBody.invalid("channels", "names none");
        }
        return List.copyOf(kinds);
    }

    private void stopRecording(Call call) {
        String id = call.pathParameter("id");
        Caller caller = call.caller();
        Optional<Recording> recording = recorder.all().stream()
                .filter(it -> it.id().equals(id) && isVisible(it, caller))
                .findFirst();
        if (!caller.isUnrestricted()
                && recording.filter(it -> !it.startedBy().equals(caller.name())).isPresent()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.FORBIDDEN, "Another key started this recording; your key may stop those it started."));
        }
        call.answer(json(recording
                .flatMap(_ -> recorder.stopRecording(id))
                .orElseThrow(() ->
                        new RefusedException(Refusal.of(ErrorCode.RECORDING_NOT_FOUND, "There is no such recording.")
                                .with("id", id.length() > 40 ? id.substring(0, 40) : id)))));
    }

    /** A recording with a symbol hidden from the caller does not exist for the caller. */
    private static boolean isVisible(Recording recording, Caller caller) {
        return recording.symbols().stream().allMatch(symbol -> caller.mayReadSymbol(symbol.code()));
    }

    private static JsonBuffer json(Recording recording) {
        var json = new JsonBuffer(512);
        write(json, recording);
        return json;
    }

    private static void write(JsonBuffer json, Recording recording) {
        json.beginObject()
                .field("id", recording.id())
                .field("state", recording.isActive() ? "RECORDING" : "STOPPED")
                .name("symbols")
                .beginArray();
        recording.symbols().forEach(symbol -> json.value(symbol.code()));
        json.endArray().name("channels").beginArray();
        recording.kinds().forEach(kind -> json.value(kind.wireName()));
        json.endArray()
                .field(
                        "started_at",
                        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                                recording.startedAt().atZone(TradingCalendar.SEOUL)))
                .field("by", recording.startedBy())
                .field("stopped", recording.stopReason())
                .endObject();
    }
}
