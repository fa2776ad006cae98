package kr.kisgateway.gateway.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import kr.kisgateway.gateway.backup.BackupException;
import kr.kisgateway.gateway.backup.BackupSchedule;
import kr.kisgateway.gateway.checklist.StateChecks;
import kr.kisgateway.gateway.journal.DiskGuard;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalProbe;
import kr.kisgateway.gateway.secret.MasterKeys;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.TradingCalendar;

/** The gateway's files. Every check reads, and creates nothing. */
public final class FileChecks {
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    /** The place of a master key that no start creates. */
    private static final String BY_VARIABLE = "env";

    private static final long MEBIBYTE = 1L << 20;

    private FileChecks() {}

    /**
     * Free space of the disk on which the data folder is, or will be.
     *
     * @param low JOURNAL_DISK_LOW; 0 disables it
     */
    public static Finding disk(Path folder, long low) {
        try {
            return disk(folder, DiskGuard.usable(existing(folder)), low);
        } catch (UncheckedIOException e) {
            String kind = String.valueOf(e.getMessage());
            return Finding.fail(
                    DoctorItem.DISK,
                    "the free space of " + folder + " is unknown: " + kind,
                    folder + " 의 여유 공간을 알 수 없습니다: " + kind,
                    "check the disk and GATEWAY_DATA_DIR",
                    "디스크와 GATEWAY_DATA_DIR 을 확인하세요");
        }
    }

    private static Finding disk(Path folder, long free, long low) {
        String measured = free / MEBIBYTE + " MiB free for " + folder + ", JOURNAL_DISK_LOW " + low / MEBIBYTE + " MiB";
        String measuredKo = folder + " 여유 공간 " + free / MEBIBYTE + " MiB, JOURNAL_DISK_LOW " + low / MEBIBYTE + " MiB";
        if (low == 0) {
            return Finding.warning(
                    DoctorItem.DISK,
                    measured + ": orders are accepted until the disk is full",
                    measuredKo + ": 디스크가 가득 찰 때까지 주문을 받습니다",
                    "set JOURNAL_DISK_LOW, so that cancels and fills can be recorded on a full disk",
                    "디스크가 가득 차도 취소와 체결을 기록할 수 있도록 JOURNAL_DISK_LOW 를 설정하세요");
        }
        if (free < low) {
            return Finding.fail(
                    DoctorItem.DISK,
                    measured + ": no new order is accepted",
                    measuredKo + ": 새 주문을 받지 않습니다",
                    "free disk space; cancels still pass",
                    "디스크 공간을 확보하세요. 취소는 계속됩니다");
        }
        return free < 2 * low
                ? Finding.warning(
                        DoctorItem.DISK,
                        measured + ": no bars and ticks are written",
                        measuredKo + ": 봉과 틱을 기록하지 않습니다",
                        "free disk space before orders are refused",
                        "주문이 거절되기 전에 디스크 공간을 확보하세요")
                : Finding.ok(DoctorItem.DISK, measured, measuredKo);
    }

    private static Path existing(Path folder) {
        Path at = folder.toAbsolutePath();
        while (!Files.exists(at)) {
            at = Optional.ofNullable(at.getParent()).orElse(at.getRoot());
        }
        return at;
    }

    /**
     * Whether only the gateway's user reads what is secret, and whether this user may write the data.
     *
     * @param folder the data folder
     * @param files further folders and files that no other user may read
     */
    public static Finding permissions(Path folder, List<Path> files) {
        if (Files.exists(folder) && (!Files.isDirectory(folder) || !Files.isWritable(folder))) {
            return Finding.fail(
                    DoctorItem.PERMISSIONS,
                    folder + (Files.isDirectory(folder) ? " cannot be written by this user" : " is no folder"),
                    folder + (Files.isDirectory(folder) ? " 에 이 사용자가 쓸 수 없습니다" : " 는 폴더가 아닙니다"),
                    "run ./kis as the user that owns the data, or set GATEWAY_DATA_DIR to a folder of its own",
                    "데이터를 소유한 사용자로 ./kis 를 실행하거나 GATEWAY_DATA_DIR 을 다른 폴더로 설정하세요");
        }
        var all = new ArrayList<Path>(List.of(folder));
        all.addAll(files);
        var present = all.stream().filter(Files::exists).distinct().toList();
        if (present.isEmpty()
                || !folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Finding.skipped(
                    DoctorItem.PERMISSIONS,
                    present.isEmpty()
                            ? "there is no file yet; the gateway creates its files for its user alone"
                            : "this file system has no permissions",
                    present.isEmpty() ? "아직 파일이 없습니다. 게이트웨이는 자신의 사용자만 읽을 수 있게 만듭니다" : "이 파일 시스템에는 권한이 없습니다");
        }
        var open = present.stream().filter(FileChecks::isOpen).toList();
        if (open.isEmpty()) {
            String names =
                    String.join(", ", present.stream().map(Path::toString).toList());
            return Finding.ok(DoctorItem.PERMISSIONS, "only their owner reads " + names, "소유자만 읽을 수 있습니다: " + names);
        }
        String names = String.join(
                ", ", open.stream().map(it -> it + " (" + shown(it) + ")").toList());
        String commands = String.join(
                "; ",
                open.stream()
                        .map(it -> (Files.isDirectory(it) ? "chmod 700 " : "chmod 600 ") + it)
                        .toList());
        return Finding.fail(
                DoctorItem.PERMISSIONS,
                "other users of this machine can read " + names,
                "이 컴퓨터의 다른 사용자가 읽을 수 있습니다: " + names,
                commands,
                commands);
    }

    private static boolean isOpen(Path file) {
        return permissions(file).stream().anyMatch(OTHERS::contains);
    }

    private static String shown(Path file) {
        return PosixFilePermissions.toString(permissions(file));
    }

    private static Set<PosixFilePermission> permissions(Path file) {
        try {
            return Files.getPosixFilePermissions(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether the master key is at its place.
     *
     * @param isNeeded whether files exist that it protects
     */
    public static Finding masterKey(MasterKeys keys, boolean isNeeded) {
        try {
            keys.check();
            keys.read();
            return Finding.ok(DoctorItem.MASTER_KEY, "present at " + keys.label(), keys.label() + " 에 있습니다");
        } catch (SecretException e) {
            String reason = String.valueOf(e.getMessage());
            return isNeeded || keys.source().equals(BY_VARIABLE)
                    ? Finding.fail(
                            DoctorItem.MASTER_KEY,
                            reason,
                            "마스터 키를 읽을 수 없습니다: " + reason,
                            "without it tokens, stored secrets and the audit's signatures are lost: restore it (docs/SECRETS.md)",
                            "마스터 키가 없으면 토큰, 저장된 비밀 정보, 감사 서명을 쓸 수 없습니다. 복원하세요(docs/SECRETS.md)")
                    : Finding.skipped(
                            DoctorItem.MASTER_KEY,
                            "there is none yet at " + keys.label() + "; the first start creates it",
                            keys.label() + " 에 아직 없으며 첫 시작 때 만듭니다");
        }
    }

    /**
     * Whether the journal opens, and is the newest one of its folder.
     *
     * @param unrelated names of files that may exist before a gateway ever ran
     */
    public static Finding journal(Path file, String environment, Predicate<String> unrelated) {
        if (!Files.isDirectory(file.resolveSibling(""))) {
            return noJournal();
        }
        try {
            return JournalProbe.read(file, environment, unrelated)
                    .map(state -> Finding.ok(
                            DoctorItem.JOURNAL,
                            "opens, schema " + state.schema() + ", " + state.events()
                                    + (state.events() == 1 ? " event" : " events")
                                    + "; ./kis journal verify reads all of them",
                            "열립니다. 스키마 " + state.schema() + ", 이벤트 " + state.events()
                                    + "건. 전체 검증은 ./kis journal verify"))
                    .orElseGet(FileChecks::noJournal);
        } catch (JournalException e) {
            String reason = String.valueOf(e.getMessage());
            return Finding.fail(
                    DoctorItem.JOURNAL,
                    reason.lines().findFirst().orElse(""),
                    "저널에 문제가 있습니다: " + reason.lines().reduce((_, last) -> last).orElse(""),
                    "restore the newest journal (docs/BACKUP.md); ./kis journal --help has the commands",
                    "최신 저널을 복원하세요(docs/BACKUP.md). 명령은 ./kis journal --help 에 있습니다");
        }
    }

    private static Finding noJournal() {
        return Finding.skipped(DoctorItem.JOURNAL, "no gateway ran in this folder yet", "이 폴더에서 게이트웨이를 실행한 적이 없습니다");
    }

    /** Age of the newest backup. */
    public static Finding backup(Optional<Settings.Backup> backup, KisEnvironment environment, Instant now) {
        if (backup.isEmpty()) {
            String measured = "BACKUP_FOLDER is not set: no daily backup is made";
            String measuredKo = "BACKUP_FOLDER 가 설정되지 않아 매일 백업을 만들지 않습니다";
            return environment == KisEnvironment.SIM
                    ? Finding.skipped(DoctorItem.BACKUP, measured, measuredKo)
                    : Finding.warning(
                            DoctorItem.BACKUP,
                            measured,
                            measuredKo,
                            "set BACKUP_FOLDER to a folder on another disk; ./kis backup create makes one now",
                            "BACKUP_FOLDER 를 다른 디스크의 폴더로 설정하세요. ./kis backup create 는 지금 만듭니다");
        }
        try {
            return BackupSchedule.newestOf(backup.get().folder(), environment.wireName())
                    .map(newest -> backup(newest, now))
                    .orElseGet(() -> late(
                            "there is none in " + backup.get().folder(),
                            backup.get().folder() + " 에 백업이 없습니다"));
        } catch (BackupException | UncheckedIOException e) {
            return late(String.valueOf(e.getMessage()), "백업 폴더를 읽을 수 없습니다: " + e.getMessage());
        }
    }

    private static Finding backup(Instant newest, Instant now) {
        Duration age = Duration.between(newest, now);
        String made = newest.atZone(TradingCalendar.SEOUL).toLocalDateTime().toString();
        String measured = "the newest is of " + made + ", " + age.toHours() + " h old, limit "
                + StateChecks.BACKUP_AGE.toHours() + " h";
        String measuredKo =
                "가장 최근 백업은 " + made + ", " + age.toHours() + "시간 전, 기준 " + StateChecks.BACKUP_AGE.toHours() + "시간";
        return age.compareTo(StateChecks.BACKUP_AGE) <= 0
                ? Finding.ok(DoctorItem.BACKUP, measured, measuredKo)
                : late(measured, measuredKo);
    }

    private static Finding late(String measured, String measuredKo) {
        return Finding.fail(
                DoctorItem.BACKUP,
                measured,
                measuredKo,
                "./kis backup create makes one now; a running gateway makes one at BACKUP_AT, and raises backup_failed",
                "./kis backup create 로 지금 만드세요. 실행 중인 게이트웨이는 BACKUP_AT 에 만들고, 실패하면 backup_failed 경보를 냅니다");
    }
}
