package kr.kisgateway.programs;

/** A program could not be started, ended, or missed a time limit. */
public final class ProgramException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProgramException(String message) {
        super(message);
    }

    ProgramException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Restores the interrupt for the thread's owner and names what was cancelled. */
    static ProgramException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ProgramException("Interrupted while " + what, cause);
    }
}
