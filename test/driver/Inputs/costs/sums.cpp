#include "work.h"

double sum_of(const Row &values) {
  double sum = 0;
  for (double value : values)
    sum += value;
  return sum;
}
double first_of(const Row &values) { return values.empty() ? 0 : values[0]; }
double product_of(const Row &left, const Row &right) {
  double sum = 0;
  for (double l : left)
    sum += l * total_of(right);
  return sum;
}
double Scorer::score(const Row &values) { return sum_of(values); }
double Scorer::best(const Row &values) { return score(values); }
task<double> sum_later(const Row &values) {
  double sum = 0;
  for (double value : values)
    sum += value;
  co_return sum;
}
