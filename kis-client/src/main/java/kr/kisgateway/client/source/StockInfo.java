package kr.kisgateway.client.source;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Symbol;

/**
 * Listing data of a stock.
 *
 * @param symbol short code
 * @param name Korean name
 * @param nameEn English name
 * @param isin 12-character code
 * @param market the section it is listed in
 * @param sector the exchange's own division of the section (소속부)
 * @param industry Korean industry name
 * @param listedShares shares outstanding
 * @param faceValue nominal value of a share in won; a foreign company's in its own currency; empty for 무액면
 * @param listedOn day of listing
 * @param asOf its time
 */
public record StockInfo(
        Symbol symbol,
        String name,
        Optional<String> nameEn,
        Optional<String> isin,
        Board market,
        Optional<String> sector,
        Optional<String> industry,
        OptionalLong listedShares,
        Optional<BigDecimal> faceValue,
        Optional<LocalDate> listedOn,
        AsOf asOf)
        implements SourceValue {
    @Override
    public String kind() {
        return "info";
    }

    @Override
    public Map<String, Object> fields() {
        return new Fields()
                .with("symbol", symbol.code())
                .with("name", name)
                .with("name_en", nameEn)
                .with("isin", isin)
                .with("market", market.name())
                .with("sector", sector)
                .with("industry", industry)
                .with("listed_shares", listedShares)
                .with("face_value", faceValue)
                .with("listed_on", listedOn.map(LocalDate::toString))
                .with("as_of", asOf.text())
                .map();
    }
}
