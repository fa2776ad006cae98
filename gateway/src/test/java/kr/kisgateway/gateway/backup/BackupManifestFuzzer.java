package kr.kisgateway.gateway.backup;

/** Any manifest of an archive is read, and is the same when written, or is refused. */
public final class BackupManifestFuzzer {
    private BackupManifestFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        BackupManifest manifest;
        try {
            manifest = BackupManifest.parse(input);
        } catch (BackupException refused) {
            return;
        }
        BackupManifest written = BackupManifest.parse(manifest.toBytes());
        if (manifest.bytes() != written.bytes() || !manifest.journal().equals(written.journal())) {
            throw new IllegalStateException(manifest + " is written as " + written);
        }
    }
}
