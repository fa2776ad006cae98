package kr.kisgateway.client.master;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One security of an overseas file.
 *
 * @param exchange the broker's quote code of the exchange, {@code NAS} (orders use {@code NASD})
 * @param symbol in the broker's form, {@code BRK/B}
 * @param realtimeSymbol the key of realtime registrations, {@code DNASAAPL}
 * @param koreanName Korean name; may be empty
 * @param englishName English name; may be empty
 * @param type stock, index, ETP or warrant
 * @param currency {@code USD}
 * @param basePrice in the currency, exact; empty where the file has none
 * @param bidLot lot size of buys, in shares
 * @param askLot lot size of sells, in shares
 * @param depositaryReceipt a DR of another country's company
 * @param row every other field by the broker's name
 */
public record OverseasListing(
        String exchange,
        String symbol,
        String realtimeSymbol,
        String koreanName,
        String englishName,
        Coded<OverseasType> type,
        String currency,
        Optional<BigDecimal> basePrice,
        OptionalLong bidLot,
        OptionalLong askLot,
        boolean depositaryReceipt,
        MasterRow row) {
    static OverseasListing of(MasterRow row) {
        return new OverseasListing(
                row.text("excd"),
                row.text("symb"),
                row.text("rsym"),
                row.text("knam"),
                row.text("enam"),
                OverseasType.of(row.text("stis")),
                row.text("curr"),
                row.decimal("base"),
                row.number("bnit"),
                row.number("anit"),
                row.flag("isdr"),
                row);
    }
}
