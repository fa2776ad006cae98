package kr.kisgateway.gateway.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a backup each day at a time, and removes the oldest ones. What is due is read from the folder: a backup that was missed because
 * the gateway was away, or failed, is made as soon as possible.
 */
public final class BackupSchedule {
    /** Interval of {@link #check}. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.backup");
    private static final String SUBJECT = "backup";
    /** After a failure. */
    private static final Duration RETRY = Duration.ofMinutes(10);

    private final Backup backup;
    private final Path folder;
    private final String prefix;
    private final LocalTime at;
    private final int keep;
    private final AlertSource failed;
    private final InstantSource clock;
    private final LongAdder made = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile Instant newest = Instant.EPOCH;
    private volatile boolean isRead;
    private Instant notBefore = Instant.MIN;

    /**
     * @param folder of the backups
     * @param at time of the day in Seoul
     * @param keep backups of the environment that are kept
     */
    public BackupSchedule(
            Backup backup,
            Path folder,
            String environment,
            LocalTime at,
            int keep,
            AlertSource failed,
            InstantSource clock) {
        this.backup = backup;
        this.folder = folder;
        this.prefix = prefix(environment);
        this.at = at;
        this.keep = keep;
        this.failed = failed;
        this.clock = clock;
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        meters.counter("backup.made", "backups", "Backups that were made and read back", made::sum);
        meters.counter("backup.failed", "backups", "Backups that could not be made", failures::sum);
    }

    /** When the newest backup was made; empty before the first. */
    public Optional<Instant> newest() {
        return Optional.of(newest).filter(it -> !it.equals(Instant.EPOCH));
    }

    /** Whether the folder was read since the start: before, {@link #newest} is empty. */
    public boolean isRead() {
        return isRead;
    }

    /** Reads the folder and makes nothing, so that {@link #newest} is known from the start; {@link #check} reports what is wrong. */
    public void read() {
        try {
            newest = newestIn(folder);
            isRead = true;
        } catch (BackupException | UncheckedIOException e) {
            LOG.debug("backups_not_read", e);
        }
    }

    /** Makes the backup that is due. Of one thread. */
    public void check() {
        Instant now = clock.instant();
        try {
            newest = newestIn(folder);
            isRead = true;
            if (now.isBefore(notBefore) || !newest.isBefore(lastDue(now))) {
                return;
            }
            make();
            failed.settle(SUBJECT);
        } catch (BackupException | UncheckedIOException e) {
            failures.increment();
            notBefore = now.plus(RETRY);
            LOG.error("backup_failed reason=\"{}\"", e.getMessage());
            failed.raise(SUBJECT, e.getMessage() + " It is tried again every ten minutes.");
        }
    }

    private void make() {
        var file = backup.make(folder, false, (_, _, _) -> {}).file();
        var findings = findings(file);
        if (!findings.isEmpty()) {
            remove(file); // it would count as the backup of the day
            throw new BackupException(
                    "The backup " + file + " is not what was written: " + findings.getFirst() + ". Check the disk.");
        }
        made.increment();
        newest = newestIn(folder);
        LOG.info("backup_made file={}", file.getFileName());
        removeOldest();
    }

    private void removeOldest() {
        var files = files();
        files.subList(0, Math.max(0, files.size() - keep)).forEach(BackupSchedule::remove);
    }

    private static List<String> findings(Path file) {
        try (var reader = new BackupReader(file)) {
            return reader.findings((_, _, _) -> {});
        }
    }

    private static void remove(Path file) {
        try {
            Files.delete(file);
            LOG.info("backup_removed file={}", file.getFileName());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be removed", e);
        }
    }

    /** The last time at which a backup was due. */
    private Instant lastDue(Instant now) {
        var local = now.atZone(TradingCalendar.SEOUL);
        var day = local.toLocalTime().isBefore(at) ? local.toLocalDate().minusDays(1) : local.toLocalDate();
        return day.atTime(at).atZone(TradingCalendar.SEOUL).toInstant();
    }

    /** The backups of the environment, the oldest first: their names have the time. */
    private List<Path> files() {
        return files(folder, prefix);
    }

    private static List<Path> files(Path folder, String prefix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> {
                        var name = String.valueOf(file.getFileName());
                        return name.startsWith(prefix) && name.endsWith(Backup.SUFFIX);
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be read", e);
        }
    }

    private Instant newestIn(Path place) {
        return newest(place, prefix).orElse(Instant.EPOCH);
    }

    /**
     * When the newest backup of an environment in a folder was made; empty where there is none.
     *
     * @throws BackupException when a file has the name of a backup without its time
     */
    public static Optional<Instant> newestOf(Path folder, String environment) {
        return newest(folder, prefix(environment));
    }

    private static String prefix(String environment) {
        return Backup.PREFIX + environment + "-";
    }

    private static Optional<Instant> newest(Path place, String prefix) {
        var files = files(place, prefix);
        if (files.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Backup.timeOf(String.valueOf(files.getLast().getFileName()), prefix));
        } catch (java.time.DateTimeException e) {
            throw new BackupException(
                    place + " has " + files.getLast().getFileName() + ", which is no backup: move it elsewhere.");
        }
    }
}
