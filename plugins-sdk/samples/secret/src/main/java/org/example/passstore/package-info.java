/** Secrets from the password manager pass, or from any program that prints them. */
@NullMarked
package org.example.passstore;

import org.jspecify.annotations.NullMarked;
