/**
 * Recordings: what passed between a broker and its clients, without the secrets and identities of anybody, and how it is played
 * again. The format is in docs/SIMULATOR.md.
 */
@NullMarked
package kr.kisgateway.simulator.replay;

import org.jspecify.annotations.NullMarked;
