package kr.kisgateway.gateway.job;

import java.nio.file.Path;
import java.util.Optional;
import kr.kisgateway.market.Bar;

/**
 * Files that a job has written.
 *
 * @param folder folder of the files
 * @param currency currency of the prices in them
 * @param sample one of the written bars, read from the files; empty where there is none
 */
public record WrittenFiles(Path folder, String currency, Optional<Sample> sample) {
    /** One bar of {@code symbol} as stored in the files. */
    public record Sample(String symbol, Bar bar) {}
}
