package kr.kisgateway.client.master;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import kr.kisgateway.client.fetch.FetchResult;
import kr.kisgateway.client.fetch.Fetcher;

/** Downloads a master file's unpacked bytes from the server, bounded at every step. */
final class MasterDownload implements AutoCloseable {
    /** The bytes, or why there are none. */
    sealed interface DownloadResult {
        /** Unpacked. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Bytes(byte[] bytes) implements DownloadResult {}

        record Failed(MasterFailure failure) implements DownloadResult {}
    }

    private static final String WAIT = "nothing now: the last good copy is used, and the download is retried";

    private final MasterFilesConfig config;
    private final Fetcher fetch;

    MasterDownload(MasterFilesConfig config) {
        this.config = config;
        this.fetch = new Fetcher(config.timeout(), config.timeout(), config.downloadBytesMax(), config.tls());
    }

    DownloadResult get(MasterFile file) {
        String name = file.fileName() + (file.isZipped() ? ".zip" : "");
        return switch (fetch.get(config.base().resolve(name), Map.of())) {
            case FetchResult.Failed(FetchResult.FailureKind kind, String cause) -> failed(kind, name + ": " + cause);
            case FetchResult.Answered answer when answer.status() != 200 -> status(answer.status(), name);
            case FetchResult.Answered answer ->
                file.isZipped() ? unzip(answer.body(), name) : new DownloadResult.Bytes(answer.body());
        };
    }

    @Override
    public void close() {
        fetch.close();
    }

    /** The first file in the zip, whatever its name: the broker changes between small letters and capitals. */
    private DownloadResult unzip(byte[] bytes, String name) {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            ZipEntry entry = zip.getNextEntry();
            while (entry != null && entry.isDirectory()) {
                entry = zip.getNextEntry();
            }
            if (entry == null) {
                return badZip(name + " is no zip file or has no file in it");
            }
            byte[] unpacked = zip.readNBytes(config.fileBytesMax());
            if (zip.read() >= 0) {
                return tooLarge(name + " unpacks to more than " + config.fileBytesMax() + " bytes");
            }
            return new DownloadResult.Bytes(unpacked);
        } catch (IOException | IllegalArgumentException damaged) {
            // IllegalArgumentException: a name in the zip that is no text.
            return badZip(name + " is damaged: " + damaged.getClass().getSimpleName());
        }
    }

    private static DownloadResult failed(FetchResult.FailureKind kind, String cause) {
        return switch (kind) {
            case CONNECTION -> failure(MasterFailure.Code.CONNECTION, cause, WAIT, true);
            case TIMEOUT -> failure(MasterFailure.Code.TIMEOUT, cause, WAIT, true);
            case TOO_LARGE -> tooLarge(cause);
            case TLS ->
                failure(
                        MasterFailure.Code.TLS,
                        cause,
                        "the broker's server sometimes omits an intermediate certificate: start Java with"
                                + " -Dcom.sun.security.enableAIAcaIssuers=true, or configure an SSLContext that trusts"
                                + " it; the check itself stays on",
                        false);
        };
    }

    private static DownloadResult status(int status, String name) {
        boolean passing = status >= 500 || status == 429;
        return failure(
                MasterFailure.Code.HTTP_STATUS,
                name + ": the server answered HTTP " + status,
                passing ? WAIT : "check that the address is right and the broker still offers this file",
                passing);
    }

    private static DownloadResult badZip(String cause) {
        return failure(MasterFailure.Code.BAD_ZIP, cause, WAIT, true);
    }

    private static DownloadResult tooLarge(String cause) {
        return failure(
                MasterFailure.Code.TOO_LARGE,
                cause,
                "check what the address serves; if the file has really grown so much, allow more bytes",
                false);
    }

    private static DownloadResult failure(MasterFailure.Code code, String cause, String remedy, boolean retryable) {
        return new DownloadResult.Failed(new MasterFailure(code, cause, remedy, retryable));
    }
}
