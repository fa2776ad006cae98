package kr.kisgateway.gateway.job;

import java.nio.file.Path;
import java.util.Optional;
import kr.kisgateway.market.Bar;

/**
 * What a job has left on the disk.
 *
 * @param folder where its files lie
 * @param currency of the prices in them
 * @param sample one of the bars that were written, read from the files; empty where there is none
 */
public record WrittenFiles(Path folder, String currency, Optional<Sample> sample) {
    /** One bar of {@code symbol} as the files have it. */
    public record Sample(String symbol, Bar bar) {}
}
