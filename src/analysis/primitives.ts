/**
 * Keys of small generic pieces of std that are always inlined. Folded stacks and drawings do not say what
 * was inlined; with these they give the same self times as tools that do.
 */
export const PRIMITIVES: RegExp = new RegExp(
  String.raw`^(?:${[
    String.raw`core::(?:intrinsics|ptr::(?!drop_in_place)|core_arch|mem::|num|hint|cmp::|ops::|array|option|result|iter::|cell::|slice::(?:iter|index)|sync::atomic|char|str::iter|convert|clone)`,
    String.raw`\{.+ as core::(?:iter|cmp|ops|convert|slice|array|clone::uninit)::`,
    String.raw`\{(?:core::option::Option|alloc::(?:rc|sync)::(?:Rc|Arc|Weak)) as core::clone::Clone\}`,
    String.raw`alloc::(?:rc|sync)::(?:Rc|Arc|Weak)::(?:downgrade|upgrade|inner|as_ptr|ptr_eq|get_mut|\w+_count)$`,
    String.raw`alloc::(?:vec::Vec::|boxed::Box::new$|rc::Rc\w*Ptr::|raw_vec::RawVec(?:Inner)?::(?:non_null|ptr|capacity))`,
    String.raw`alloc::collections::vec_deque::(?:VecDeque::)?(?:wrap_\w+|to_physical_idx|buffer_\w+|get|get_mut|len|is_empty|front|back|front_mut|back_mut)$`,
    String.raw`\[\]::(?:iter|len|get|first|last|split_at|clone_from_slice|copy_from_slice)`,
    String.raw`(?:[iu](?:8|16|32|64|128|size)|f32|f64|bool|char|\*const|\*mut)::(?!from_|_fmt|to_(?:lower|upper)case|escape)`,
    String.raw`core::slice::(?:copy_from_slice_impl|from_raw_parts)`,
  ].join('|')})`,
)
