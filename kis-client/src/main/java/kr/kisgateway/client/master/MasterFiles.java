package kr.kisgateway.client.master;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.client.fetch.SingleFlight;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's master files, refreshed daily and never lost: the last good copy is stored on disk and used whenever the
 * server fails, with its age and the reason. A file is refreshed by the first caller after the time of day in
 * {@link MasterFilesConfig#refreshAt}; that call waits for the download, and so do concurrent callers. There
 * are no threads behind this; call {@link #get} from virtual threads.
 *
 * <p>A new file is accepted when at most one line in a hundred is bad and it has not lost more than a fifth of its lines.
 */
public final class MasterFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterFiles.class);

    /** The cached state of a file: its reply, and when the last download was tried. */
    private record CachedReply(MasterReply reply, Instant triedAt) {}

    private final MasterFilesConfig config;
    private final InstantSource clock;
    private final MasterDownload download;
    private final Map<MasterFile, CachedReply> cachedReplies = new ConcurrentHashMap<>();
    private final SingleFlight<MasterFile, MasterReply> inFlight = new SingleFlight<>();

    private MasterFiles(MasterFilesConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.download = new MasterDownload(config);
    }

    /** Opens the files; touches neither network nor disk before {@link #get}. */
    public static MasterFiles open(MasterFilesConfig config, InstantSource clock) {
        return new MasterFiles(config, clock);
    }

    /** The file of today, or the last good one; downloads when that is due. */
    public MasterReply get(MasterFile file) {
        Optional<MasterReply> current = current(file);
        return current.isPresent() ? current.get() : inFlight.run(file, () -> load(file, false));
    }

    /** The last good copy on disk, however old; uses no network. Empty when none was stored. */
    public Optional<MasterCopy> storedCopy(MasterFile file) {
        return new MasterFileStore(file, config.folder(), config.fileBytesMax()).read();
    }

    /** Downloads now, due or not; the last good copy is used when that fails. */
    public MasterReply refresh(MasterFile file) {
        return inFlight.run(file, () -> load(file, true));
    }

    /** Closes the connections. Copies that were handed out stay valid. */
    @Override
    public void close() {
        download.close();
    }

    private MasterReply load(MasterFile file, boolean now) {
        var store = new MasterFileStore(file, config.folder(), config.fileBytesMax());
        if (!cachedReplies.containsKey(file)) {
            store.read()
                    .ifPresent(copy ->
                            cachedReplies.put(file, new CachedReply(new MasterReply.Ok(copy), copy.fetchedAt())));
        }
        Optional<MasterReply> current = now ? Optional.empty() : current(file);
        if (current.isPresent()) {
            return current.get();
        }
        Optional<MasterCopy> last = Optional.ofNullable(cachedReplies.get(file)).flatMap(it -> copyOf(it.reply()));
        Instant triedAt = clock.instant();
        MasterReply reply = renew(file, store, last, triedAt);
        cachedReplies.put(file, new CachedReply(reply, triedAt));
        return reply;
    }

    private MasterReply renew(MasterFile file, MasterFileStore store, Optional<MasterCopy> last, Instant triedAt) {
        switch (download.get(file)) {
            case MasterDownload.DownloadResult.Failed(MasterFailure failure) -> {
                return fallBack(file, last, failure);
            }
            case MasterDownload.DownloadResult.Bytes(byte[] bytes) -> {
                MasterTable table = MasterTable.parse(file, bytes);
                Optional<MasterFailure> rejection = validate(table, last, store);
                if (rejection.isPresent()) {
                    return fallBack(file, last, rejection.get());
                }
                if (table.badLineCount() > 0) {
                    LOG.warn("master_lines_bad file={} count={}", file.fileName(), table.badLineCount());
                }
                return new MasterReply.Ok(new MasterCopy(table, triedAt, storeFile(store, bytes, triedAt)));
            }
        }
    }

    private Optional<MasterFailure> validate(MasterTable table, Optional<MasterCopy> last, MasterFileStore store) {
        if (!table.isTrustworthy()) {
            String first = table.badLines().stream()
                    .findFirst()
                    .map(line -> "; line " + line.number() + ": " + line.problem())
                    .orElse("");
            return Optional.of(new MasterFailure(
                    MasterFailure.Code.TOO_MANY_BAD_LINES,
                    table.badLineCount() + " lines of " + (table.rows().size() + table.badLineCount())
                            + " cannot be read" + first,
                    "the broker has probably changed the layout: update this library; until then the last good copy"
                            + " is used",
                    false));
        }
        int before = last.map(copy -> copy.table().rows().size()).orElse(0);
        int lines = table.rows().size();
        if (lines * 100L < before * (100L - config.shrinkPercentMax())) {
            return Optional.of(new MasterFailure(
                    MasterFailure.Code.SHRUNK,
                    lines + " lines are left of " + before,
                    "nothing if the broker is still writing the file; if it is really so short, remove " + store.path()
                            + " and restart",
                    true));
        }
        return Optional.empty();
    }

    private static MasterReply fallBack(MasterFile file, Optional<MasterCopy> last, MasterFailure failure) {
        LOG.warn("master_not_refreshed file={} code={} cause=\"{}\"", file.fileName(), failure.code(), failure.cause());
        return last.<MasterReply>map(copy ->
                        new MasterReply.Ok(new MasterCopy(copy.table(), copy.fetchedAt(), Optional.of(failure))))
                .orElseGet(() -> new MasterReply.Failed(failure));
    }

    private static Optional<MasterFailure> storeFile(MasterFileStore store, byte[] bytes, Instant fetchedAt) {
        try {
            store.write(bytes, fetchedAt);
            return Optional.empty();
        } catch (IOException trouble) {
            LOG.warn(
                    "master_not_stored file={} cause={}",
                    store.path(),
                    trouble.getClass().getSimpleName());
            return Optional.of(new MasterFailure(
                    MasterFailure.Code.NOT_KEPT,
                    store.path() + " could not be written: "
                            + trouble.getClass().getSimpleName(),
                    "make room on the disk, or the folder writable: a restart would have to download again",
                    true));
        }
    }

    /** The cached reply of a file, as long as no download is due. */
    private Optional<MasterReply> current(MasterFile file) {
        Instant now = clock.instant();
        return Optional.ofNullable(cachedReplies.get(file))
                .filter(it ->
                        copyOf(it.reply()).filter(copy -> !isDue(copy, now)).isPresent() || isRetryPaused(it, now))
                .map(CachedReply::reply);
    }

    /** Downloaded before the last refresh time, or in the future of a wrong clock. */
    private boolean isDue(MasterCopy copy, Instant now) {
        var local = now.atZone(TradingCalendar.SEOUL);
        var today = local.with(config.refreshAt());
        Instant renewal = (today.isAfter(local) ? today.minusDays(1) : today).toInstant();
        return copy.fetchedAt().isBefore(renewal) || copy.fetchedAt().isAfter(now);
    }

    /** Whether the last download failed too recently for another. */
    private boolean isRetryPaused(CachedReply it, Instant now) {
        boolean failed = switch (it.reply()) {
            case MasterReply.Failed _ -> true;
            case MasterReply.Ok(MasterCopy copy) ->
                copy.trouble()
                        .filter(trouble -> trouble.code() != MasterFailure.Code.NOT_KEPT)
                        .isPresent();
        };
        Duration since = Duration.between(it.triedAt(), now);
        return failed && !since.isNegative() && since.compareTo(config.retryAfter()) < 0;
    }

    private static Optional<MasterCopy> copyOf(MasterReply reply) {
        return switch (reply) {
            case MasterReply.Ok(MasterCopy copy) -> Optional.of(copy);
            case MasterReply.Failed _ -> Optional.empty();
        };
    }
}
