package kr.kisgateway.gateway.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.file.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master key in {@code master.key.wrapped} of the configuration folder, encrypted by a key management service or a hardware
 * module. Two lines: the key that encrypted it, and the ciphertext in Base64.
 */
final class WrappedKey implements MasterKeySource {
    private static final Logger LOG = LoggerFactory.getLogger("gateway");

    static final String FILE = "master.key.wrapped";

    private final Path file;
    private final KeyWrapper wrapper;

    WrappedKey(Path folder, KeyWrapper wrapper) {
        this.file = folder.resolve(FILE);
        this.wrapper = wrapper;
    }

    @Override
    public Optional<MasterKey> read() throws SecretException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] wrapped;
        try {
            var lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            if (lines.size() != 2 || !lines.getFirst().equals(wrapper.label())) {
                throw new SecretException("The file " + file + " was not written for " + wrapper.label()
                        + ": set MASTER_KEY_SOURCE to the source that its first line names, or restore the file.");
            }
            wrapped = Base64.getDecoder().decode(lines.getLast());
        } catch (IOException | IllegalArgumentException e) {
            throw new SecretException("The file " + file + " cannot be read, or is damaged; restore it.", e);
        }
        var text = new String(wrapper.unwrap(wrapped), StandardCharsets.US_ASCII);
        return Optional.of(new MasterKey(Secret.of(text)));
    }

    @Override
    public void create(MasterKey key, SecureRandom random) throws SecretException {
        byte[] content = wrap(key, random);
        try {
            var createdHere = AtomicFile.createForOwner(file, content);
            LOG.info("master_key_created place=\"{}\" by_this_process={}", wrapper.label(), createdHere);
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    @Override
    public void replace(MasterKey key, SecureRandom random) throws SecretException {
        byte[] content = wrap(key, random);
        try {
            AtomicFile.writeForOwner(file, content);
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    private byte[] wrap(MasterKey key, SecureRandom random) throws SecretException {
        var wrapped = wrapper.wrap(key.text().reveal().getBytes(StandardCharsets.US_ASCII), random);
        var content = wrapper.label() + "\n" + Base64.getEncoder().encodeToString(wrapped) + "\n";
        return content.getBytes(StandardCharsets.US_ASCII);
    }

    private SecretException notWritten(IOException e) {
        return new SecretException("The file " + file + " cannot be written: " + e, e);
    }

    @Override
    public String label() {
        return wrapper.label();
    }
}
