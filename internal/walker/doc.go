// Package walker is a random walk over the whole program: everything that patients, therapists and admins can do, through
// the API and through the forms of the pages, while time passes.
package walker
