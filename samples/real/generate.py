# deterministic inputs: python3 gen.py text|dup|log|png|svg|site|repo DIR
import sys,os,zlib,struct
s=12345
def r(n):
    global s
    s=(s*6364136223846793005+1442695040888963407)&(2**64-1); return (s>>33)%n
W="the of river stone market under winter light carried across small green harbour paper lantern quiet engine window north copper meadow signal thread silver orchard bridge distant morning letter garden circle hollow amber rope field".split()
def sent(k=12): return ' '.join(W[r(len(W))] for _ in range(k)).capitalize()+'.'
BLUR='filter="url(#b)"'
kind,out=sys.argv[1],sys.argv[2]
if kind=='text':
    with open(out,'w') as f:
        for i in range(1600000): f.write(f'{sent(6+r(9))} See https://www.example{r(40)}.org/a/{i}?ref={r(99)} on 20{10+r(15)}-{1+r(12):02}-{1+r(28):02}.\n')
if kind=='dup':
    with open(out,'w') as f:
        for i in range(3000000): f.write(f'user-{r(60000):06}@{W[r(len(W))]}.example /page/{r(9)}\n')
if kind=='bin':
    with open(out,'wb') as f:
        for i in range(4000000): f.write(struct.pack('<Q',(r(2**31)*r(2**20))))
if kind=='png':
    os.makedirs(out,exist_ok=True); w,h=640,360
    for k in range(12):
        rows=[]
        for y in range(h):
            b=bytearray([0])
            for x in range(w): b+=bytes(((x*2+k*9+(y*y>>7))&255,(y+k*5+(x*y>>9))&255,((x^y)+k*3)&255))
            rows.append(bytes(b))
        def ch(t,d): return struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d))
        open(f'{out}/frame{k:02}.png','wb').write(b'\x89PNG\r\n\x1a\n'+ch(b'IHDR',struct.pack('>IIBBBBB',w,h,8,2,0,0,0))+ch(b'IDAT',zlib.compress(b''.join(rows),6))+ch(b'IEND',b''))
if kind=='svg':
    with open(out,'w') as f:
        f.write('<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200">\n<defs>')
        for i in range(20): f.write(f'<linearGradient id="g{i}"><stop offset="0" stop-color="#{r(4096):03x}"/><stop offset="1" stop-color="#{r(4096):03x}"/></linearGradient>')
        f.write('<filter id="b"><feGaussianBlur stdDeviation="3"/></filter></defs>\n')
        for i in range(2500):
            p=' '.join(f'C {r(1600)} {r(1200)} {r(1600)} {r(1200)} {r(1600)} {r(1200)}' for _ in range(1+r(3))) if i%7==0 else ' '.join(f'q {r(60)-30} {r(60)-30} {r(60)-30} {r(60)-30}' for _ in range(3+r(6)))
            f.write(f'<path d="M {r(1600)} {r(1200)} {p} z" fill="url(#g{r(20)})" stroke="#{r(4096):03x}" stroke-width="{1+r(4)}" opacity="0.{3+r(6)}" {BLUR if i%250==0 else ""}/>\n')
        f.write('</svg>\n')
if kind=='site':
    os.makedirs(out+'/src',exist_ok=True); open(out+'/book.toml','w').write('[book]\ntitle = "Field notes"\n')
    toc='# Summary\n\n'
    for c in range(160):
        toc+=f'- [{sent(3)[:-1]}](c{c}.md)\n'
        with open(f'{out}/src/c{c}.md','w') as f:
            f.write(f'# {sent(4)[:-1]}\n\n')
            for p in range(60):
                f.write(f'## {sent(3)[:-1]}\n\n'+' '.join(sent(8+r(9)) for _ in range(5))+f' See [here](c{r(160)}.md) and *{sent(2)}*\n\n')
                if p%5==0: f.write('```rust\nfn step(n: u32) -> u32 {\n    n * 3 + 1\n}\n```\n\n'+'\n'.join(f'| {sent(2)} | {r(99)} |' if k!=1 else '|---|---|' for k in range(6))+'\n\n')
    open(out+'/src/SUMMARY.md','w').write(toc)
if kind=='repo': # a stream for git fast-import: 3 branches that merge
    w=sys.stdout.write if out=='-' else open(out,'w').write
    t=1700000000; n=0; head={'main':0,'topic':0,'fix':0}
    for i in range(40000):
        n+=1; t+=60; b=['main','topic','fix'][r(3)] if i>3 else 'main'
        if head[b]==0 and b!='main': frm=head['main']
        else: frm=head[b]
        msg=sent(5); data=sent(20)
        w(f'commit refs/heads/{b}\nmark :{n}\ncommitter Dev <dev@example.org> {t} +0000\ndata {len(msg)}\n{msg}\n')
        if frm: w(f'from :{frm}\n')
        if b=='main' and r(6)==0 and head['topic'] not in (0,frm): w(f'merge :{head["topic"]}\n')
        w(f'M 100644 inline d{r(20)}/f{r(50)}.txt\ndata {len(data)}\n{data}\n\n'); head[b]=n
