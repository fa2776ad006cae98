package kr.kisgateway.gateway.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.gateway.secret.SigningKey;

/**
 * Reads the complete audit of a folder, sealed files included, and names the first row that was changed, removed, inserted or moved.
 * A gateway may run meanwhile.
 *
 * <p>The chain alone shows a change of single rows. Rows whose hashes were all computed again are found at the next signature;
 * rows that were cut off at the end by the newest signature, which is beside the store. What was recorded since that signature, a
 * minute at most, is chained and not signed. Weak spot: a copy of the complete folder from before, in its place, is genuine; an
 * exported file or {@code audit.head} kept elsewhere reveals it.
 */
public final class AuditVerifier {
    private static final int STEP = 2_000;
    private static final int FINDINGS_MAX = 100;

    private final AuditFiles files;
    private final Optional<byte[]> trustedKey;
    private final Instant now;
    private final List<String> findings = new ArrayList<>();
    private final Set<String> foreignKeys = new HashSet<>();
    private OptionalLong firstBroken = OptionalLong.empty();
    private long rows;
    private long sealedFiles;
    private long unsigned;
    private byte[] hash = AuditStore.START;
    private long seq;

    /**
     * What was found.
     *
     * @param rows that were read
     * @param sealedFiles that were read
     * @param unsigned rows since the newest signature
     * @param firstBroken number of the first row that is not what was recorded
     * @param findings what is wrong, a sentence each, at most a hundred
     */
    public record Report(long rows, long sealedFiles, long unsigned, OptionalLong firstBroken, List<String> findings) {
        public boolean isClean() {
            return findings.isEmpty();
        }
    }

    private AuditVerifier(AuditFiles files, Optional<byte[]> trustedKey, Instant now) {
        this.files = files;
        this.trustedKey = trustedKey;
        this.now = now;
    }

    /**
     * Verifies the audit of {@code folder}.
     *
     * @param trustedKey public part of the gateway's signing key, which its master key vouches for; empty where that is not at hand
     */
    public static Report verify(Path folder, Optional<byte[]> trustedKey, Instant now) {
        return new AuditVerifier(new AuditFiles(folder), trustedKey, now).run();
    }

    /** The first row after the last signature that does not follow the one before. */
    static Optional<Long> firstBrokenSinceCheckpoint(AuditStore store) {
        long signed = store.lastCheckpoint();
        var checkpoint = store.checkpointsFrom(signed).stream().findFirst();
        if (checkpoint.isEmpty()) {
            return Optional.empty();
        }
        byte[] hash = checkpoint.get().hash();
        long seq = signed;
        for (var rows = store.rowsAfter(seq, STEP); !rows.isEmpty(); rows = store.rowsAfter(seq, STEP)) {
            for (var row : rows) {
                if (row.seq() != seq + 1 || !row.follows(hash)) {
                    return Optional.of(seq + 1);
                }
                seq = row.seq();
                hash = row.hash();
            }
        }
        return Optional.empty();
    }

    private Report run() {
        // First of all: what is added meanwhile must not look as if it were missing.
        var newest = files.head();
        try (var store = AuditStore.openForReading(files.store())) {
            store.freeze();
            var seals = store.seals();
            for (var seal : seals) {
                check(seal);
            }
            checkRows(store, newest.filter(AuditCheckpoint::isGenuine));
            checkEnd(newest);
        }
        foreignKeys.forEach(key -> add("signatures are of the key " + key
                + ", for which the gateway's master key does not vouch (was the master key replaced or lost?)"));
        return new Report(rows, sealedFiles, unsigned, firstBroken, List.copyOf(findings));
    }

    private void add(String finding) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(finding);
        }
    }

    private void addBroken(long row, String finding) {
        if (firstBroken.isEmpty() || firstBroken.getAsLong() > row) {
            firstBroken = OptionalLong.of(row);
        }
        add(finding);
    }

    private void checkKey(byte[] publicKey) {
        if (trustedKey.filter(it -> !Arrays.equals(it, publicKey)).isPresent()) {
            foreignKeys.add(SigningKey.fingerprint(publicKey));
        }
    }

    // ---- sealed files ----

    private void check(AuditSeal seal) {
        String name = seal.fileName();
        if (!seal.isGenuine()) {
            addBroken(seal.first(), "the seal of " + name + " was changed");
        }
        checkKey(seal.publicKey());
        if (seal.first() != seq + 1) {
            addBroken(seq + 1, "rows " + (seq + 1) + " to " + (seal.first() - 1) + " are missing before " + name);
        } else if (!Arrays.equals(seal.before(), hash)) {
            addBroken(seal.first(), name + " does not continue the chain at row " + seal.first());
        }
        if (seal.removedAt().isPresent()) {
            checkRemoved(seal, seal.removedAt().get());
        } else {
            checkFile(seal);
        }
        seq = seal.last();
        hash = seal.after();
    }

    private void checkRemoved(AuditSeal seal, Instant at) {
        var month = AuditArchiver.month(at);
        if (!seal.month().plusMonths(AuditArchiver.KEEP_MONTHS).isBefore(month) || at.isAfter(now)) {
            addBroken(
                    seal.first(), seal.fileName() + " was removed in " + month + ", before its seven years were over");
        }
    }

    private void checkFile(AuditSeal seal) {
        String name = seal.fileName();
        var file = files.archive(seal);
        if (!Files.isRegularFile(file)) {
            addBroken(seal.first(), name + " is missing, with rows " + seal.first() + " to " + seal.last());
            return;
        }
        if (files.sealBeside(seal).filter(seal::isSameAs).isEmpty()) {
            add("the seal beside " + name + " was changed or is missing");
        }
        sealedFiles++;
        seq = seal.first() - 1;
        hash = seal.before();
        try {
            if (!Arrays.equals(AuditFiles.sha256(file), seal.sha256())) {
                add(name + " was changed");
            }
            files.read(seal, this::checkRow);
        } catch (IOException e) {
            addBroken(seq + 1, name + " cannot be read after row " + seq + ": " + e.getMessage());
            return;
        }
        if (seq != seal.last()) {
            addBroken(seq + 1, "rows " + (seq + 1) + " to " + seal.last() + " are missing in " + name);
        } else if (!Arrays.equals(hash, seal.after())) {
            addBroken(seal.first(), name + " has another chain than its seal");
        }
    }

    // ---- the store ----

    /** Checks that a row follows the one before, and continues with it as it is: each break is reported once. */
    private void checkRow(AuditRow row) {
        rows++;
        if (row.seq() > seq + 1) {
            addBroken(
                    seq + 1,
                    row.seq() == seq + 2
                            ? "row " + (seq + 1) + " is missing"
                            : "rows " + (seq + 1) + " to " + (row.seq() - 1) + " are missing");
        } else if (row.seq() <= seq) {
            addBroken(row.seq(), "row " + row.seq() + " stands after row " + seq);
        } else if (!row.follows(hash)) {
            addBroken(row.seq(), "row " + row.seq() + " was changed");
        }
        if (row.entry().source() == AuditSource.GATEWAY
                && (row.entry().call().equals(AuditReports.ROWS_MISSING)
                        || row.entry().call().equals(AuditReports.CHAIN_BROKEN))) {
            add("row " + row.seq() + " reports what a start found: "
                    + row.entry().call() + ", " + row.entry().parameters());
        }
        seq = row.seq();
        hash = row.hash();
    }

    private void checkRows(AuditStore store, Optional<AuditCheckpoint> newest) {
        var checkpoints = new ArrayList<>(store.checkpointsFrom(seq + 1));
        newest.filter(it -> it.seq() > seq && checkpoints.stream().noneMatch(other -> other.seq() == it.seq()))
                .ifPresent(it -> {
                    add("the signature of row " + it.seq() + " is missing in the store");
                    checkpoints.add(it);
                    checkpoints.sort(Comparator.comparing(AuditCheckpoint::seq));
                });
        int next = 0;
        long signed = seq;
        for (var part = store.rowsAfter(seq, STEP); !part.isEmpty(); part = store.rowsAfter(seq, STEP)) {
            for (var row : part) {
                checkRow(row);
                while (next < checkpoints.size() && checkpoints.get(next).seq() <= seq) {
                    check(checkpoints.get(next++), signed);
                    signed = seq;
                }
            }
        }
        for (; next < checkpoints.size(); next++) {
            var missing = checkpoints.get(next);
            addBroken(seq + 1, "rows " + (seq + 1) + " to " + missing.seq() + " are missing at the end");
        }
        unsigned = seq - signed;
    }

    private void check(AuditCheckpoint checkpoint, long signed) {
        checkKey(checkpoint.publicKey());
        if (!checkpoint.isGenuine()) {
            add("the signature of row " + checkpoint.seq() + " was changed");
        } else if (checkpoint.seq() != seq || !Arrays.equals(checkpoint.hash(), hash)) {
            addBroken(
                    signed + 1,
                    "rows " + (signed + 1) + " to " + checkpoint.seq()
                            + " were replaced: their chain is not the one that was signed");
        }
    }

    private void checkEnd(Optional<AuditCheckpoint> newest) {
        if (newest.isEmpty()) {
            if (seq > unsigned) {
                add("the newest signature (audit.head) is missing: rows may be missing at the end");
            }
            return;
        }
        checkKey(newest.get().publicKey());
        if (!newest.get().isGenuine()) {
            add("the newest signature (audit.head) was changed");
        }
    }
}
