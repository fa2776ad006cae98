package kr.kisgateway.client.master;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import kr.kisgateway.client.address.Addresses;

/**
 * The source and the storage of master files, validated once.
 *
 * @param base the folder on the server, ending with /; https, or http to this machine only
 * @param folder the folder of the last good copies
 * @param refreshAt from this time of the day (KST) on, a copy fetched earlier is refreshed at its next use
 * @param retryAfter how long a failed refresh is not retried
 * @param timeout how long a complete download may take
 * @param downloadBytesMax the largest download
 * @param fileBytesMax the largest unpacked file
 * @param shrinkPercentMax how many percent of its lines a file may lose from one copy to the next
 * @param tls trusted certificates; empty for the JVM's own trust
 */
public record MasterFilesConfig(
        URI base,
        Path folder,
        LocalTime refreshAt,
        Duration retryAfter,
        Duration timeout,
        int downloadBytesMax,
        int fileBytesMax,
        int shrinkPercentMax,
        Optional<SSLContext> tls) {
    private static final URI BROKER = URI.create("https://new.real.download.dws.co.kr/common/master/");

    public MasterFilesConfig {
        if (!Addresses.isSafe(base)) {
            throw new IllegalArgumentException("the address must be https (plain http only to this machine): " + base);
        }
        if (!base.getPath().endsWith("/")) {
            throw new IllegalArgumentException("the address must end with /: " + base);
        }
        if (!timeout.isPositive() || retryAfter.isNegative()) {
            throw new IllegalArgumentException("the timeout must be positive, the wait not negative");
        }
        if (downloadBytesMax < 1 || fileBytesMax < 1) {
            throw new IllegalArgumentException("a file has at least one byte");
        }
        if (shrinkPercentMax < 0 || shrinkPercentMax > 100) {
            throw new IllegalArgumentException("a percentage lies between 0 and 100, not at " + shrinkPercentMax);
        }
    }

    /** The broker's server, refreshed from 07:00 KST, a failure retried after 10 minutes, 60 s, 16 and 64 MiB, 20 %. */
    public static MasterFilesConfig standard(Path folder) {
        return new MasterFilesConfig(
                BROKER,
                folder,
                LocalTime.of(7, 0),
                Duration.ofMinutes(10),
                Duration.ofSeconds(60),
                16 << 20,
                64 << 20,
                20,
                Optional.empty());
    }

    /** The same, refreshed from another time of the day on (KST). */
    public MasterFilesConfig withRefreshAt(LocalTime time) {
        return new MasterFilesConfig(
                base, folder, time, retryAfter, timeout, downloadBytesMax, fileBytesMax, shrinkPercentMax, tls);
    }

    /** The same from another address, such as a mirror. */
    public MasterFilesConfig from(URI otherBase) {
        return new MasterFilesConfig(
                otherBase,
                folder,
                refreshAt,
                retryAfter,
                timeout,
                downloadBytesMax,
                fileBytesMax,
                shrinkPercentMax,
                tls);
    }
}
