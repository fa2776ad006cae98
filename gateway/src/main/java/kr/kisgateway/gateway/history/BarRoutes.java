package kr.kisgateway.gateway.history;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.history.BarOutcome.Known;
import kr.kisgateway.gateway.history.BarOutcome.Refused;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.TradingCalendar;

/** {@code GET /v1/bars/{symbol}}. */
public final class BarRoutes {
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1_000;
    private static final int BYTES_OF_A_BAR = 140;

    private final Function<String, Lookup> listing;
    private final BarService bars;
    private final InstantSource clock;

    /** @param listing finds what is listed; nothing else is ever asked about */
    public BarRoutes(Function<String, Lookup> listing, BarService bars, InstantSource clock) {
        this.listing = listing;
        this.bars = bars;
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
        Instrument instrument = listing.apply(call.path("symbol")).korean();
        call.caller().requireSymbol(instrument.symbol().code());
        BarQuery query = query(call, instrument);
        switch (bars.bars(instrument, query, call.caller().name())) {
            case Known known -> call.answer(json(query, known));
            case Refused(var refusal) -> throw new RefusedException(refusal);
        }
    }

    private BarQuery query(Call call, Instrument instrument) {
        String word = call.requiredQuery("period");
        BarPeriod period =
                BarPeriod.of(word).orElseThrow(() -> Call.invalid("period", "must be one of " + BarPeriod.words()));
        LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        Optional<LocalDateTime> from = call.query("from").map(text -> moment("from", text, period, LocalTime.MIN, now));
        LocalDateTime to = call.query("to")
                .map(text -> moment("to", text, period, LocalTime.of(23, 59, 59), now))
                .orElse(now);
        if (from.isPresent() && from.get().isAfter(to)) {
            throw Call.invalid("from", "lies after \"to\"; exchange the two");
        }
        if (period.isIntraday() && call.query("adjusted").isPresent()) {
            throw Call.invalid("adjusted", "is for days and longer; minutes are told as KIS keeps them");
        }
        return new BarQuery(
                instrument.symbol(),
                period,
                from,
                to,
                call.query("cursor").map(BarRoutes::cursor),
                call.limit(LIMIT_DEFAULT, LIMIT_MAX),
                call.query("adjusted").map(BarRoutes::flag).orElse(true));
    }

    /** A date, or for minutes also a date and a time, in Seoul. */
    private static LocalDateTime moment(
            String name, String text, BarPeriod period, LocalTime ofDay, LocalDateTime now) {
        LocalDateTime moment;
        try {
            moment = period.isIntraday() && text.indexOf('T') >= 0
                    ? LocalDateTime.parse(text)
                    : LocalDate.parse(text).atTime(ofDay);
        } catch (DateTimeException e) {
            throw Call.invalid(
                    name,
                    period.isIntraday()
                            ? "must be a date or a time in Seoul, as 2026-11-20 or 2026-11-20T09:00"
                            : "must be a date, as 2026-11-20");
        }
        if (moment.toLocalDate().isAfter(now.toLocalDate())) {
            throw Call.invalid(name, "has not come yet; today is " + now.toLocalDate() + " in Seoul");
        }
        if (moment.getYear() < 1900) {
            throw Call.invalid(name, "lies before 1900");
        }
        return moment;
    }

    private static LocalDateTime cursor(String text) {
        if (!text.matches("-?[0-9]{1,11}")) {
            throw Call.invalid("cursor", "must be the next_cursor of an earlier answer");
        }
        return LocalDateTime.ofInstant(Instant.ofEpochSecond(Long.parseLong(text)), TradingCalendar.SEOUL);
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Call.invalid("adjusted", "must be true or false");
        };
    }

    private static JsonBuffer json(BarQuery query, Known known) {
        var json = new JsonBuffer(256 + known.bars().size() * BYTES_OF_A_BAR)
                .beginObject()
                .field("symbol", query.symbol().code())
                .field("period", query.period().word());
        if (query.period().isIntraday()) {
            json.fieldNull("adjusted");
        } else {
            json.field("adjusted", query.adjusted());
        }
        json.name("bars").beginArray();
        for (Bar bar : known.bars()) {
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
        json.endArray();
        if (known.next().isPresent()) {
            json.field("next_cursor", Long.toString(known.next().getAsLong()));
        } else {
            json.fieldNull("next_cursor");
        }
        return json.field("incomplete_before", known.incompleteBefore().map(LocalDate::toString))
                .endObject();
    }
}
