package kr.kisgateway.gateway.history;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.history.BarOutcome.Known;
import kr.kisgateway.gateway.history.BarOutcome.Refused;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;

/** {@code GET /v1/bars/{symbol}}. */
public final class BarRoutes {
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1_000;
    private static final int BYTES_OF_A_BAR = 140;

    private final Function<String, Lookup> listing;
    private final BarService bars;
    private final UsBarService american;
    private final InstantSource clock;

    /**
     * Where an instrument is traded.
     *
     * @param now the last moment that can be asked about
     */
    private record Place(ZoneId zone, String name, LocalDateTime now) {}

    /** @param listing finds what is listed; nothing else is ever asked about */
    public BarRoutes(Function<String, Lookup> listing, BarService bars, UsBarService american, InstantSource clock) {
        this.listing = listing;
        this.bars = bars;
        this.american = american;
        this.clock = clock;
    }

    /** Adds the call. */
    public void register(RouteTable table) {
        table.get(
                Role.QUOTE,
                "/v1/bars/{symbol}",
                List.of("period", "from", "to", "limit", "cursor", "adjusted"),
                this::bars);
    }

    private void bars(Call call) {
        var listed = listing.apply(call.path("symbol")).listed();
        call.caller().requireSymbol(listed.code());
        switch (listed) {
            case Listed.Korean korean -> korean(call, korean.instrument());
            case Listed.Us us -> american(call, us);
        }
    }

    private void korean(Call call, Instrument instrument) {
        var now = LocalDateTime.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        BarQuery query = query(call, new Place(TradingCalendar.SEOUL, "Seoul", now));
        switch (bars.bars(instrument, query, call.caller().name())) {
            case Known known ->
                call.answer(json(
                        instrument.symbol().code(),
                        query,
                        known.bars(),
                        BarRoutes::write,
                        known.next(),
                        known.incompleteBefore()));
            case Refused(var refusal) -> throw new RefusedException(refusal);
        }
    }

    private void american(Call call, Listed.Us listed) {
        BarQuery query = query(call, new Place(UsHours.NEW_YORK, "New York", american.newest()));
        switch (american.bars(listed.symbol(), query, call.caller().name())) {
            case UsBarOutcome.Known known ->
                call.answer(json(
                        listed.code(), query, known.bars(), BarRoutes::write, known.next(), known.incompleteBefore()));
            case UsBarOutcome.Refused(var refusal) -> throw new RefusedException(refusal);
        }
    }

    private static BarQuery query(Call call, Place place) {
        String word = call.requiredQuery("period");
        BarPeriod period =
                BarPeriod.of(word).orElseThrow(() -> Call.invalid("period", "must be one of " + BarPeriod.words()));
        Optional<LocalDateTime> from =
                call.query("from").map(text -> moment("from", text, period, LocalTime.MIN, place));
        LocalDateTime to = call.query("to")
                .map(text -> moment("to", text, period, LocalTime.of(23, 59, 59), place))
                .orElse(place.now());
        if (from.isPresent() && from.get().isAfter(to)) {
            throw Call.invalid("from", "lies after \"to\"; exchange the two");
        }
        if (period.isIntraday() && call.query("adjusted").isPresent()) {
            throw Call.invalid("adjusted", "is for days and longer; minutes are told as KIS keeps them");
        }
        return new BarQuery(
                period,
                from,
                to,
                call.query("cursor").map(text -> cursor(text, place)),
                call.limit(LIMIT_DEFAULT, LIMIT_MAX),
                call.query("adjusted").map(BarRoutes::flag).orElse(true));
    }

    /** A date, or for minutes also a date and a time, by the clock of the exchange. */
    private static LocalDateTime moment(String name, String text, BarPeriod period, LocalTime ofDay, Place place) {
        LocalDateTime moment;
        try {
            moment = period.isIntraday() && text.indexOf('T') >= 0
                    ? LocalDateTime.parse(text)
                    : LocalDate.parse(text).atTime(ofDay);
        } catch (DateTimeException e) {
            throw Call.invalid(
                    name,
                    period.isIntraday()
                            ? "must be a date or a time in " + place.name() + ", as 2026-11-20 or 2026-11-20T10:00"
                            : "must be a date, as 2026-11-20");
        }
        LocalDate today = place.now().toLocalDate();
        if (moment.toLocalDate().isAfter(today)) {
            throw Call.invalid(name, "has not come yet; today is " + today + " in " + place.name());
        }
        if (moment.getYear() < 1900) {
            throw Call.invalid(name, "lies before 1900");
        }
        return moment;
    }

    private static LocalDateTime cursor(String text, Place place) {
        if (!text.matches("-?[0-9]{1,11}")) {
            throw Call.invalid("cursor", "must be the next_cursor of an earlier answer");
        }
        return LocalDateTime.ofInstant(Instant.ofEpochSecond(Long.parseLong(text)), place.zone());
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Call.invalid("adjusted", "must be true or false");
        };
    }

    private static <B> JsonBuffer json(
            String symbol,
            BarQuery query,
            List<B> bars,
            BiConsumer<JsonBuffer, B> write,
            OptionalLong next,
            Optional<LocalDate> incompleteBefore) {
        var json = new JsonBuffer(256 + bars.size() * BYTES_OF_A_BAR)
                .beginObject()
                .field("symbol", symbol)
                .field("period", query.period().word());
        if (query.period().isIntraday()) {
            json.fieldNull("adjusted");
        } else {
            json.field("adjusted", query.adjusted());
        }
        json.name("bars").beginArray();
        bars.forEach(bar -> write.accept(json, bar));
        json.endArray();
        if (next.isPresent()) {
            json.field("next_cursor", Long.toString(next.getAsLong()));
        } else {
            json.fieldNull("next_cursor");
        }
        return json.field("incomplete_before", incompleteBefore.map(LocalDate::toString))
                .endObject();
    }

    private static void write(JsonBuffer json, Bar bar) {
        json.beginObject()
                .field("ts", bar.ts())
                .field("date", bar.date().toString())
                .field("open", bar.open())
                .field("high", bar.high())
                .field("low", bar.low())
                .field("close", bar.close())
                .field("volume", bar.volume())
                .field("turnover", bar.turnover())
                .endObject();
    }

    private static void write(JsonBuffer json, UsBar bar) {
        json.beginObject()
                .field("ts", bar.ts())
                .field("date", bar.date().toString())
                .field("open", Dollars.plain(bar.open()))
                .field("high", Dollars.plain(bar.high()))
                .field("low", Dollars.plain(bar.low()))
                .field("close", Dollars.plain(bar.close()))
                .field("volume", bar.volume())
                .field("turnover", Dollars.plain(bar.turnover()))
                .endObject();
    }
}
