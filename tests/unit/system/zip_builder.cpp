// SPDX-License-Identifier: Apache-2.0
#include "zip_builder.hpp"

#include <span>

#include <isa-l.h>

#include "system/inflate.hpp"

namespace wheelfit::system {
namespace {

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int at = 0; at < bytes; ++at) out += static_cast<char>((value >> (8 * at)) & 0xffU);
}

std::string deflated(const std::string& content) {
  std::string in = content;
  std::string out(content.size() * 2 + 1024, '\0');
  isal_zstream stream;
  isal_deflate_stateless_init(&stream);
  stream.end_of_stream = 1;
  stream.next_in = reinterpret_cast<std::uint8_t*>(in.data());
  stream.avail_in = static_cast<std::uint32_t>(in.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  isal_deflate_stateless(&stream);
  out.resize(stream.total_out);
  return out;
}

struct Fields {
  std::uint16_t method;
  std::uint64_t crc;
  std::uint64_t size;
  std::string data;
};

Fields fields_of(const ZipMember& member) {
  Fields fields;
  fields.data = !member.raw_data.empty() ? member.raw_data
                : member.deflated        ? deflated(member.content)
                                         : member.content;
  fields.method = member.deflated ? 8 : 0;
  if (member.method_claimed != 0xffff) fields.method = member.method_claimed;
  fields.crc = crc32(0, std::as_bytes(std::span(member.content)));
  if (member.crc_claimed >= 0) fields.crc = static_cast<std::uint64_t>(member.crc_claimed);
  fields.size = member.content.size();
  if (member.size_claimed >= 0) fields.size = static_cast<std::uint64_t>(member.size_claimed);
  return fields;
}

void put_common(std::string& out, const ZipMember& member, const Fields& fields, std::uint64_t size) {
  put(out, member.zip64 ? 45 : 20, 2);
  put(out, member.flags, 2);
  put(out, fields.method, 2);
  put(out, 0, 2);       // time
  put(out, 0x5a21, 2);  // date
  put(out, fields.crc, 4);
  put(out, member.zip64 ? 0xffffffff : fields.data.size(), 4);
  put(out, member.zip64 ? 0xffffffff : size, 4);
}

void put_zip64_extra(std::string& out, const ZipMember& member, const Fields& fields) {
  if (!member.zip64) return;
  put(out, 1, 2);
  put(out, 16, 2);
  put(out, fields.size, 8);
  put(out, fields.data.size(), 8);
}

}  // namespace

std::string zip_bytes(const std::vector<ZipMember>& members) {
  std::string out;
  std::string directory;
  for (const ZipMember& member : members) {
    const Fields fields = fields_of(member);
    const std::string local_name = member.local_name.empty() ? member.name : member.local_name;
    const std::uint16_t extra = member.zip64 ? 20 : 0;
    const std::size_t offset = out.size();
    out += "PK\x03\x04";
    put_common(
        out, member, fields,
        member.local_size_claimed >= 0 ? static_cast<std::uint64_t>(member.local_size_claimed) : fields.size);
    put(out, local_name.size(), 2);
    put(out, extra, 2);
    out += local_name;
    put_zip64_extra(out, member, fields);
    out += fields.data;

    directory += "PK\x01\x02";
    put(directory, (3U << 8U) | 30U, 2);  // made on Unix
    put_common(directory, member, fields, fields.size);
    put(directory, member.name.size(), 2);
    put(directory, extra, 2);
    put(directory, 0, 6);  // comment, disk, internal attributes
    put(directory, std::uint64_t{member.unix_mode} << 16U, 4);
    put(directory, offset, 4);
    directory += member.name;
    put_zip64_extra(directory, member, fields);
  }
  const std::size_t directory_at = out.size();
  out += directory;
  out += "PK\x05\x06";
  put(out, 0, 4);
  put(out, members.size(), 2);
  put(out, members.size(), 2);
  put(out, directory.size(), 4);
  put(out, directory_at, 4);
  put(out, 0, 2);
  return out;
}

}  // namespace wheelfit::system
