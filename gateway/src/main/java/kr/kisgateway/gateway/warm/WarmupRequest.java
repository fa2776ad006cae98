package kr.kisgateway.gateway.warm;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;

/**
 * Parameters of a warm-up, stored with the job as JSON.
 *
 * @param symbols number of symbols
 * @param top whether they are the most traded instead of named
 * @param types types of data for each symbol
 * @param scheduledFor day of a scheduled warm-up; empty for a requested one
 */
record WarmupRequest(int symbols, boolean top, Set<WarmupType> types, Optional<LocalDate> scheduledFor) {
    /** One part of the job. */
    record Unit(String code, WarmupType type) {}

    String json() {
        return ApiJson.text(new Stored(
                symbols, top, types.stream().map(WarmupType::wireName).toList(), scheduledFor));
    }

    private record Stored(int symbols, boolean top, List<String> dataTypes, Optional<LocalDate> scheduledFor) {}

    static WarmupRequest parse(String json) {
        var body = RequestBody.parse(json.getBytes(StandardCharsets.UTF_8));
        var types = EnumSet.noneOf(WarmupType.class);
        body.texts("data_types", WarmupType.values().length)
                .forEach(name -> types.add(WarmupType.of(name).orElseThrow()));
        return new WarmupRequest(
                (int) body.wholeNumber("symbols"),
                body.optionalFlag("top").orElse(false),
                types,
                body.optionalText("scheduled_for").map(LocalDate::parse));
    }

    /**
     * Units such as {@code 005930/price}, one type after the other: prices are cached first.
     *
     * @param named whether the request names the types; otherwise types that a symbol does not have are left out
     */
    List<String> units(List<? extends MarketSymbol> selected, boolean named) {
        var units = new ArrayList<String>();
        for (WarmupType type : types) {
            selected.stream()
                    .filter(symbol -> named || supports(symbol, type))
                    .forEach(symbol -> units.add(symbol.code() + "/" + type.wireName()));
        }
        return units;
    }

    private static boolean supports(MarketSymbol symbol, WarmupType type) {
        return switch (type) {
            case PRICE, CHART -> true;
            case INFO -> symbol instanceof Symbol;
        };
    }

    static Unit unit(String name) {
        int slash = name.indexOf('/');
        return new Unit(
                name.substring(0, slash),
                WarmupType.of(name.substring(slash + 1)).orElseThrow());
    }
}
