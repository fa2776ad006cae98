package kr.kisgateway.gateway.recording;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.history.Recordings;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.market.MarketSymbol;

/** {@code /v1/history/recordings}. */
public final class RecordingRoutes {
    private static final int SYMBOLS_MAX = 1_000;

    private final TickRecorder recorder;
    private final Function<String, Result<Listed>> listing;

    /** @param listing finds the instruments that may be recorded */
    public RecordingRoutes(TickRecorder recorder, Function<String, Result<Listed>> listing) {
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
        call.answer(new Recordings(recorder.all().stream()
                .filter(it -> isVisible(it, call.caller()))
                .map(RecordingRoutes::answer)
                .toList()));
    }

    private void startRecording(Call call) {
        RequestBody body = call.body().requireOnly(Set.of("symbols", "channels"));
        if (!body.has("symbols")) {
            throw RequestBody.missing("symbols");
        }
        var symbols = new LinkedHashSet<MarketSymbol>();
        for (String text : body.texts("symbols", SYMBOLS_MAX)) {
            call.caller().requireSymbol(text);
            symbols.add(listing.apply(text).orElseThrow().symbol());
        }
        if (symbols.isEmpty()) {
            throw RequestBody.invalid("symbols", "names none");
        }
        call.answer(
                201,
                answer(recorder.startRecording(
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
        call.answer(answer(recording
                .flatMap(_ -> recorder.stopRecording(id))
                .orElseThrow(() ->
                        new RefusedException(Refusal.of(ErrorCode.RECORDING_NOT_FOUND, "There is no such recording.")
                                .with("id", id.length() > 40 ? id.substring(0, 40) : id)))));
    }

    /** A recording with a symbol hidden from the caller does not exist for the caller. */
    private static boolean isVisible(Recording recording, Caller caller) {
        return recording.symbols().stream().allMatch(symbol -> caller.mayReadSymbol(symbol.code()));
    }

    private static kr.kisgateway.api.history.Recording answer(Recording recording) {
        return new kr.kisgateway.api.history.Recording(
                recording.id(),
                recording.isActive() ? "RECORDING" : "STOPPED",
                recording.symbols().stream().map(MarketSymbol::code).toList(),
                recording.kinds().stream().map(TickKind::wireName).toList(),
                ApiValues.time(recording.startedAt()),
                recording.startedBy(),
                recording.stopReason());
    }
}
