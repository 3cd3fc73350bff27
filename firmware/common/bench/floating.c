// SPDX-License-Identifier: MIT
/*
 * Double precision: a product of matrices, STREAM's triad, bodies that attract each other. Sums of products are fma() where the source says so and nowhere
 * else (-ffp-contract=off), and every operation rounds as IEEE 754 says: the sum has all bits of all results.
 */
#include "bench.h"

#include <math.h>

#define SIZE 64
#define LENGTH 32768
#define BODIES 5

static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];
static double x[LENGTH], y[LENGTH], z[LENGTH];
static struct body { double position[3], speed[3], mass; } bodies[BODIES];

/* Between 1 and 2, and not short in binary. */
static double number(uint64_t n)
{
	return 1 + (double)(scramble(n) >> 11) * 0x1p-53;
}

static uint64_t mix(uint64_t sum, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return scramble(sum ^ bits);
}

static void begin(void)
{
	for (int i = 0; i < SIZE; i++) {
		for (int j = 0; j < SIZE; j++) {
			a[i][j] = number(i * SIZE + j) / SIZE;
			b[i][j] = number(10000 + i * SIZE + j);
		}
	}
	for (int i = 0; i < LENGTH; i++) {
		y[i] = number(20000 + i);
		z[i] = number(60000 + i);
	}
	for (int i = 0; i < BODIES; i++) {
		bodies[i].mass = number(100000 + i);
		for (int k = 0; k < 3; k++) {
			bodies[i].position[k] = 10 * i + number(100010 + 3 * i + k);
			bodies[i].speed[k] = number(100030 + 3 * i + k) / 16 - 0.09375;
		}
	}
}

static void multiply(void)
{
	for (int i = 0; i < SIZE; i++) {
		for (int j = 0; j < SIZE; j++)
			c[i][j] = 0;
		for (int k = 0; k < SIZE; k++)
			for (int j = 0; j < SIZE; j++)
				c[i][j] = fma(a[i][k], b[k][j], c[i][j]);
	}
}

static void triad(double factor)
{
	for (int i = 0; i < LENGTH; i++)
		x[i] = y[i] + factor * z[i];
}

static void attract(struct body *one, struct body *other, double time)
{
	double distance[3], square = 0.01, magnitude;

	for (int k = 0; k < 3; k++) {
		distance[k] = one->position[k] - other->position[k];
		square += distance[k] * distance[k];
	}
	magnitude = time / (square * sqrt(square));
	for (int k = 0; k < 3; k++) {
		one->speed[k] -= distance[k] * other->mass * magnitude;
		other->speed[k] += distance[k] * one->mass * magnitude;
	}
}

static void move(double time)
{
	for (int i = 0; i < BODIES; i++)
		for (int j = i + 1; j < BODIES; j++)
			attract(&bodies[i], &bodies[j], time);
	for (int i = 0; i < BODIES; i++)
		for (int k = 0; k < 3; k++)
			bodies[i].position[k] += time * bodies[i].speed[k];
}

uint64_t floating(uint64_t rounds)
{
	uint64_t sum = 0;

	begin();
	for (uint64_t round = 0; round < rounds; round++) {
		multiply();
		b[round % SIZE][round / SIZE % SIZE] = number(round);
		for (int i = 0; i < SIZE; i++)
			sum = mix(sum, c[i][(i + round) % SIZE]);
		triad(number(round));
		sum = mix(sum, x[round % LENGTH]);
		y[round * 97 % LENGTH] = x[round * 89 % LENGTH] / 2;
		for (int i = 0; i < 200; i++)
			move(0.01);
		sum = mix(sum, bodies[round % BODIES].position[round % 3]);
	}
	return sum;
}
