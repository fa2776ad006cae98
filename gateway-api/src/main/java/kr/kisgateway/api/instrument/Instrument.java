package kr.kisgateway.api.instrument;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.OneOf;

/**
 * A Korean or US instrument as listed, with tick size and price limits of today. Fields without a source are null. |
 * 국내 또는 미국 종목 정보와 당일 호가단위·가격제한폭. 출처가 없는 값은 null.
 *
 * @param symbol Symbol, as 005930 or AAPL.NASD. | 종목코드. 예: 005930, AAPL.NASD.
 * @param name Korean name where there is one, otherwise the English one. | 종목명. 한글명이 없으면 영문명.
 * @param nameEn English name; null where no list has it. | 영문 종목명. 없으면 null.
 * @param market Market in which it is listed. | 시장.
 * @param product Product: STOCK, ETF or ETN. | 상품. STOCK 주식, ETF, ETN.
 * @param currency Currency of its prices. | 통화.
 * @param isin International code of 12 characters; null for US stocks and where no list has it. | 표준코드 (12자리). 미국
 *     주식이거나 없으면 null.
 * @param industry Industry, of US stocks the sector; null where no list has it. | 업종. 미국 주식은 섹터. 없으면 null.
 * @param listedOn Listing date; null for US stocks and where no list has it. | 상장일. 미국 주식이거나 없으면 null.
 * @param listedShares Listed shares, in part exact only to the thousand; null where no list has them. | 상장주식수 (주).
 *     일부는 천 주 단위. 없으면 null.
 * @param faceValue Face value in won; null for US stocks and for shares without one. | 액면가 (원). 미국 주식이거나 무액면이면 null.
 * @param lot Shares per lot in the regular session; null where no list has it. | 정규장 매매수량단위 (주). 없으면 null.
 * @param krx Whether KRX trades it. | KRX 거래 여부.
 * @param nxt Whether NXT trades it, by KIS's last answer; before the first one by a list of 700 stocks (assumed). | NXT 거래 여부.
 *     KIS의 최근 응답 기준, 응답 전에는 프로그램에 포함된 700종목 목록 기준 (추정).
 * @param us Whether a US exchange trades it. | 미국 거래소 거래 여부.
 * @param close Last close of the list in won or dollars, of a master file its base price; null where the list has
 *     none. | 목록의 최근 종가 (원 또는 달러). 종목마스터는 기준가. 없으면 null.
 * @param closeDate Day of {@code close}, of a master file the day of the list; null where it is unknown. |
 *     {@code close} 의 기준일. 종목마스터는 목록 기준일. 알 수 없으면 null.
 * @param tickSize Step of prices at {@code tick_at}, in won or dollars; null without such a price. | {@code tick_at}
 *     에서의 호가단위 (원 또는 달러). 기준 가격이 없으면 null.
 * @param tickAt Price to which {@code tick_size} applies, in won or dollars; null without one. | 호가단위의 기준 가격 (원 또는
 *     달러). 없으면 null.
 * @param tickPrice Which price {@code tick_at} is: the last one of today (LAST), today's base price (BASE) or the
 *     close of the list (CLOSE); null without one. | {@code tick_at} 의 종류. LAST 당일 현재가, BASE 당일 기준가, CLOSE 목록의 종가.
 *     없으면 null.
 * @param basePrice Base price of today in won, from today's master file; null otherwise and for US stocks. | 당일 기준가
 *     (원). 당일 종목마스터 기준. 없거나 미국 주식이면 null.
 * @param lowerLimit Lower limit of today in won, from KIS or a trade of today, otherwise by {@code base_price}; null
 *     without either and for US stocks. | 당일 하한가 (원). KIS 또는 당일 체결 기준, 없으면 {@code base_price} 로 계산. 둘 다 없거나 미국 주식이면
 *     null.
 * @param upperLimit Upper limit of today in won, from KIS or a trade of today, otherwise by {@code base_price}; null
 *     without either and for US stocks. | 당일 상한가 (원). KIS 또는 당일 체결 기준, 없으면 {@code base_price} 로 계산. 둘 다 없거나 미국 주식이면
 *     null.
 * @param halted Whether trading is suspended; null where it is unknown and for US stocks. | 거래정지 여부. 알 수 없거나 미국 주식이면
 *     null.
 * @param interrupted Whether a volatility interruption (VI) is active; null where KIS does not push it. | 변동성완화장치(VI)
 *     발동 여부. KIS 가 실시간으로 제공하지 않으면 null.
 * @param liquidation Whether it is in liquidation trading before delisting; null where no list has it. | 정리매매 여부. 목록에
 *     없으면 null.
 * @param managed Whether it is an issue under administration; null where it is unknown. | 관리종목 여부. 알 수 없으면 null.
 * @param warning Market warning of the exchange: NONE, CAUTION, WARNING, DANGER, or UNKNOWN for an undocumented code;
 *     null where it is unknown and for US stocks. | 시장경고. NONE 없음, CAUTION 투자주의, WARNING 투자경고, DANGER 투자위험, UNKNOWN
 *     문서에 없는 코드. 알 수 없거나 미국 주식이면 null.
 * @param listingSource Which list it comes from. | 종목 정보 출처.
 * @param listingDate Day of the list: when it was downloaded, in Seoul; of the shipped list, the day of its closes. |
 *     목록 기준일. 내려받은 날(서울), 프로그램에 포함된 목록은 종가 기준일.
 */
public record Instrument(
        String symbol,
        String name,
        Optional<String> nameEn,
        @ListingMarket String market,
        @OneOf({"STOCK", "ETF", "ETN"}) String product,
        @OneOf({"KRW", "USD"}) String currency,
        Optional<String> isin,
        Optional<String> industry,
        Optional<LocalDate> listedOn,
        OptionalLong listedShares,
        OptionalLong faceValue,
        OptionalLong lot,
        boolean krx,
        boolean nxt,
        boolean us,
        Optional<BigDecimal> close,
        Optional<LocalDate> closeDate,
        Optional<BigDecimal> tickSize,
        Optional<BigDecimal> tickAt,
        @OneOf({"LAST", "BASE", "CLOSE"}) Optional<String> tickPrice,
        OptionalLong basePrice,
        OptionalLong lowerLimit,
        OptionalLong upperLimit,
        Optional<Boolean> halted,
        Optional<Boolean> interrupted,
        Optional<Boolean> liquidation,
        Optional<Boolean> managed,

        @OneOf({"NONE", "CAUTION", "WARNING", "DANGER", "UNKNOWN"})
        Optional<String> warning,

        @ListingSource String listingSource,
        LocalDate listingDate) {}
