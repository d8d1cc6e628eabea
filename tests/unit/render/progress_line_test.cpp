// SPDX-License-Identifier: Apache-2.0
#include "render/progress_line.hpp"

#include <gmock/gmock.h>

#include "render/display_width.hpp"

namespace wheelfit::render {
namespace {

using testing::HasSubstr;
using testing::Not;

const Progress download{"Downloading x.whl", 110'000'000, 183'000'000, 7, 15'000'000};

Style wide(int width) {
  Style style;
  style.width = width;
  return style;
}

TEST(ProgressLine, ShowsEverythingWhereThereIsRoom) {
  EXPECT_EQ(progress_line(download, wide(100)),
            "Downloading x.whl  [############--------]  60%  110/183 MB  15 MB/s  5.0 s left");
}

TEST(ProgressLine, NeverReachesTheLastColumnAndDropsTheBarFirst) {
  for (int width = 30; width <= 120; ++width) {
    EXPECT_LT(display_width(progress_line(download, wide(width))), width) << width;
  }
  EXPECT_THAT(progress_line(download, wide(60)), Not(HasSubstr("[")));
  EXPECT_THAT(progress_line(download, wide(60)), HasSubstr("60%"));
}

TEST(ProgressLine, CountsColumnsOfWideCharacters) {
  Progress progress = download;
  progress.what = "正在下载一个名字非常非常非常长的文件";
  for (int width = 30; width <= 120; ++width) {
    EXPECT_LT(display_width(progress_line(progress, wide(width))), width) << width;
  }
}

TEST(ProgressLine, CountsStepsWithoutSizesAndSpeeds) {
  const Progress steps{"Computing", 12, 40, 1, 12};
  EXPECT_EQ(progress_line(steps, wide(100)), "Computing  [######--------------]  30%  12/40  3.0 s left");
}

TEST(ProgressLine, SaysWhatTheWorkerKnowsItself) {
  Progress build{"Compiling x", 12, 73, 600, 0};
  build.now = Progress::Now{"flash.cu", 3'100'000'000, 2100};
  EXPECT_EQ(progress_line(build, wide(110)),
            "Compiling x  [###-----------------]  16%  12/73  35 min 0 s left  3.1 GB  flash.cu");
  EXPECT_EQ(progress_report(build, wide(80)),
            "Compiling x: 12 of 73, 35 min 0 s left, 3.1 GB of memory, flash.cu");
  EXPECT_EQ(progress_line(build, wide(60)).find("flash.cu"), std::string::npos) << "it is given up first";
}

TEST(ProgressLine, SaysOnlyWhatIsKnown) {
  EXPECT_EQ(progress_line({"Reading", 0, {}, 0, 0}, wide(80)), "Reading");
  EXPECT_EQ(progress_line({"Reading", 2'000'000, {}, 1, 2'000'000}, wide(80)), "Reading  2.0 MB  2.0 MB/s");
  EXPECT_EQ(progress_line({"Reading", 0, 0, 0, 0}, wide(80)), "Reading  [--------------------]  0%  0/0");
}

TEST(ProgressLine, DoesNotShowMoreThanAll) {
  EXPECT_THAT(progress_line({"Reading", 900'000, 300'000, 1, 1}, wide(80)), HasSubstr("100%"));
  EXPECT_THAT(progress_line({"Reading", 182'999'999, 183'000'000, 1, 1}, wide(80)), HasSubstr("99%"))
      << "100 % only when it is done";
}

TEST(ProgressReport, IsOnePlainLine) {
  EXPECT_EQ(progress_report(download, {}), "Downloading x.whl: 60% of 183 MB, 15 MB/s");
  EXPECT_EQ(progress_report({"Reading", 2'000'000, {}, 1, 0}, {}), "Reading: 2.0 MB");
}

TEST(ProgressSummary, GivesTheAverageSpeed) {
  EXPECT_EQ(progress_summary({"Downloading x.whl", 183'000'000, 183'000'000, 12.2, 99}, {}),
            "Downloading x.whl: 183 MB in 12 s (15 MB/s)");
  EXPECT_EQ(progress_summary({"Computing", 40, 40, 2.1, 0}, {}), "Computing: 2.1 s");
  EXPECT_EQ(progress_summary({"Reading", 300'000, {}, 0, 0}, {}), "Reading: 300 kB in 0.0 s");
}

TEST(LogLineDue, AfterTenPercentOrFiveSecondsButNotTwiceASecond) {
  EXPECT_TRUE(log_line_due({"x", 30, 100, 2, 0}, {1, 20}));
  EXPECT_FALSE(log_line_due({"x", 29, 100, 2, 0}, {1, 20}));
  EXPECT_FALSE(log_line_due({"x", 90, 100, 1.5, 0}, {1, 20}));
  EXPECT_TRUE(log_line_due({"x", 21, 100, 6, 0}, {1, 20}));
  EXPECT_FALSE(log_line_due({"x", 21, {}, 5, 0}, {1, 20}));
  EXPECT_TRUE(log_line_due({"x", 21, {}, 6, 0}, {1, 20}));
  EXPECT_FALSE(log_line_due({"", 0, 73, 1210, 0}, {1200, 0})) << "in long work, a twentieth of the time";
  EXPECT_TRUE(log_line_due({"", 0, 73, 1265, 0}, {1200, 0})) << "but not rarer than once a minute";
}

TEST(SpeedMeter, FollowsTheLastSeconds) {
  SpeedMeter meter;
  EXPECT_EQ(meter.per_second(), 0);
  meter.add(0, 0);
  EXPECT_EQ(meter.per_second(), 0) << "one sample is no speed";
  meter.add(1, 100);
  EXPECT_DOUBLE_EQ(meter.per_second(), 100);
  for (int second = 2; second <= 20; ++second)
    meter.add(second, 100 + static_cast<std::uint64_t>(second - 1) * 10);
  EXPECT_DOUBLE_EQ(meter.per_second(), 10);
}

TEST(SpeedMeter, StartsAnewWhenTheCountFalls) {
  SpeedMeter meter;
  meter.add(0, 500);
  meter.add(1, 100);
  EXPECT_EQ(meter.per_second(), 0);
  meter.add(1, 200);
  EXPECT_EQ(meter.per_second(), 0) << "no time has gone by";
}

}  // namespace
}  // namespace wheelfit::render
