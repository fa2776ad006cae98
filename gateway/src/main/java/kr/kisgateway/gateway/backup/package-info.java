/**
 * Backups of a data folder: one file, made while the gateway runs, verified without being restored, and restored beside what it
 * replaces. Knows files, not what they mean, except for the journal, whose copy has to agree with its record of the position.
 */
@NullMarked
package kr.kisgateway.gateway.backup;

import org.jspecify.annotations.NullMarked;
