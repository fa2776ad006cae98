package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One listed instrument as the exchange's listing describes it.
 *
 * @param symbol short code
 * @param isin 12-character international code; empty when the source has none (ETFs)
 * @param name Korean name
 * @param nameEn English name, where the exchange's base information has one
 * @param board the board of the exchange
 * @param product stock, ETF or ETN
 * @param industry Korean industry name; empty for ETFs
 * @param listedOn listing date, where available
 * @param listedShares shares outstanding
 * @param faceValue par value in won, where there is one (무액면 has none)
 * @param close last close in won, unrounded: it may be off the tick table
 * @param closeDate the day of {@code close}, {@code volume} and {@code turnover}
 * @param volume shares traded that day
 * @param turnover won traded that day
 */
public record Instrument(
        Symbol symbol,
        Optional<String> isin,
        String name,
        Optional<String> nameEn,
        Board board,
        Product product,
        Optional<String> industry,
        Optional<LocalDate> listedOn,
        long listedShares,
        OptionalLong faceValue,
        long close,
        LocalDate closeDate,
        long volume,
        long turnover) {}
