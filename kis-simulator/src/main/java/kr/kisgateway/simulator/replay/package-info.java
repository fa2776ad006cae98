/**
 * Recordings: the traffic between a broker and its clients, without secrets and identities, and its replay. The format is in
 * docs/SIMULATOR.md.
 */
@NullMarked
package kr.kisgateway.simulator.replay;

import org.jspecify.annotations.NullMarked;
