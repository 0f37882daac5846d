#ifndef WORK_H
#define WORK_H
#include "task.h"
#include <string>
#include <vector>

using Row = std::vector<double>;
using Digest = std::vector<unsigned char>;
task<> send(const void *);
task<Row> receive();

double sum_of(const Row &values);
double total_of(const Row &values);
double first_of(const Row &values);
double product_of(const Row &left, const Row &right);
void protect(const std::string &password, Digest &key);
task<double> sum_later(const Row &values);
struct Scorer {
  virtual double score(const Row &values);
  double best(const Row &values);
};
#endif
