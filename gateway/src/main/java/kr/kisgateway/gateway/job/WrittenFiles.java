package kr.kisgateway.gateway.job;

import java.nio.file.Path;
import java.util.Optional;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;

/**
 * Files that a job has written.
 *
 * @param folder folder of the files
 * @param currency currency of the prices in them
 * @param sample one of the written bars, read from the files; empty where there is none
 */
public record WrittenFiles(Path folder, Currency currency, Optional<Sample> sample) {
    /** One bar of {@code symbol} as stored in the files. */
    public record Sample(MarketSymbol symbol, Bar bar) {}
}
